// A web service that explains an uploaded image:   dotnet run -c Release samples/web-api.cs -- --urls http://localhost:5000
//   curl --data-binary @cat.jpg 'http://localhost:5000/explain?method=gradcam' --output overlay.png
//   curl --data-binary @cat.jpg 'http://localhost:5000/explain?method=lrp&class=tabby&format=json'
#:sdk Microsoft.NET.Sdk.Web
#:project ../Weights/Weights.csproj

using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Weights;

const int MaximumBytes = 16 << 20, MaximumWaiting = 8;

Network network = ModelStore.Load("vgg16-200");
using var backend = new CpuBackend();
using var explainer = new Explainer(network, backend);
using var turn = new SemaphoreSlim(1); // an explainer is for one caller at a time
int waiting = 0;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaximumBytes); // 413 beyond it
WebApplication app = builder.Build();

app.MapPost("/explain",
    async (HttpRequest request, CancellationToken cancel, string method = "gradcam", string? @class = null, string format = "png") =>
{
    if (Interlocked.Increment(ref waiting) > MaximumWaiting)
    {
        Interlocked.Decrement(ref waiting);
        return Results.Problem("too many requests are waiting; try again later", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    try
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        await turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Explain(body.ToArray(), method, @class, format, cancel), cancel);
        }
        finally
        {
            turn.Release();
        }
    }
    catch (InputException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }
    finally
    {
        Interlocked.Decrement(ref waiting);
    }
});
app.Run();

IResult Explain(byte[] upload, string method, string? label, string format, CancellationToken cancel)
{
    NetworkInput input = NetworkInput.FromImage(upload, "upload", network);
    AttributionMethod chosen = AttributionCatalog.All.Find(method);
    int c = label is null ? explainer.Predict(input, 1, cancel)[0].Class : network.Labels.Find(label);
    var request = new AttributionRequest(explainer, input, new ClassTarget(c), chosen.Configure()) { Cancel = cancel };
    AttributionResult result = chosen.Explain(request);
    if (format == "json")
    {
        return Results.Json(
            new { Class = c, Label = network.Labels[c], result.Probability, Shape = result.Shape.Dims, result.Values, result.Diagnosis });
    }

    using var png = new MemoryStream();
    ImageFile.WritePng(png, AttributionImages.Render(result, input, "overlay"));
    return Results.Bytes(png.ToArray(), "image/png");
}

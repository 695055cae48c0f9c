namespace Interp.Engine.Concepts;

/// <summary>One fitted direction of unit length, as a sum over images: Σ_j w_j x_j.</summary>
/// <param name="Images">The images it was fitted on.</param>
/// <param name="Weights">w; their sum is 0.</param>
/// <param name="Right">Of the held-out images on the concept's side and on the other, how many it tells right.</param>
/// <param name="Held">How many those are.</param>
internal sealed record ConceptDirection(
    int[] Images, double[] Weights, (int Concept, int Others) Right, (int Concept, int Others) Held)
{
    /// <summary>Held out of n images of a side: a third, at least one.</summary>
    internal static int HeldOf(int n) => Math.Max(1, (int)Math.Round(n / 3.0));

    /// <summary>Fits a direction from the others to the concept; the sequence of that number says what is held out.</summary>
    internal static ConceptDirection Fit(
        ImageProducts products, int features, int[] concept, int[] others, ulong stream, ConceptTestOptions options)
    {
        (int[] positive, int[] negative) = ConceptStreams.Orders(options.Seed, stream, concept.Length, others.Length);
        int heldConcept = HeldOf(concept.Length), heldOthers = HeldOf(others.Length);
        int[] train = [.. positive[heldConcept..].Select(i => concept[i]), .. negative[heldOthers..].Select(i => others[i])];
        int n = train.Length, onConcept = concept.Length - heldConcept;
        var sides = new double[n];
        sides.AsSpan(0, onConcept).Fill(1);
        sides.AsSpan(onConcept).Fill(-1);

        (double[] kernel, double[] means, double square) = Centred(products, train, features);
        DualVector fit = options.Vector.Fit(kernel, sides, options.Alpha);
        double length = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                length += fit.Weights[i] * kernel[(i * n) + j] * fit.Weights[j];
            }
        }

        int rightConcept = positive[..heldConcept].Count(i => Value(concept[i]) > 0);
        int rightOthers = negative[..heldOthers].Count(i => Value(others[i]) <= 0);
        double scale = length > 0 ? 1 / Math.Sqrt(length * square) : 0;
        return new ConceptDirection(
            train, Array.ConvertAll(fit.Weights, w => w * scale), (rightConcept, rightOthers), (heldConcept, heldOthers));

        double Value(int image)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                sum += fit.Weights[j] * (products.Gram[(train[j] * products.Count) + image] - means[j]);
            }

            return (sum / square) + fit.Intercept;
        }
    }

    /// <summary>⟨this, other⟩: the cosine between two directions.</summary>
    internal double Cosine(ConceptDirection other, ImageProducts products)
    {
        double sum = 0;
        for (int i = 0; i < Images.Length; i++)
        {
            double row = 0;
            for (int j = 0; j < other.Images.Length; j++)
            {
                row += products.Gram[(Images[i] * products.Count) + other.Images[j]] * other.Weights[j];
            }

            sum += Weights[i] * row;
        }

        return sum;
    }

    /// <summary>The sensitivity of each photo of a class.</summary>
    internal double[] Sensitivities(double[] slopes, int images)
    {
        var sensitivities = new double[slopes.Length / images];
        for (int i = 0; i < sensitivities.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < Images.Length; j++)
            {
                sum += Weights[j] * slopes[(i * images) + Images[j]];
            }

            sensitivities[i] = sum;
        }

        return sensitivities;
    }

    /// <summary>The images' products less their mean, divided by s²; the mean of each row before, and s².</summary>
    private static (double[] Kernel, double[] Means, double Square) Centred(ImageProducts products, int[] train, int features)
    {
        int n = train.Length;
        double[] kernel = new double[n * n], means = new double[n];
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                sum += kernel[(i * n) + j] = products.Gram[(train[i] * products.Count) + train[j]];
            }

            means[i] = sum / n;
        }

        double mean = 0, trace = 0;
        for (int i = 0; i < n; i++)
        {
            mean += means[i] / n;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                kernel[(i * n) + j] += mean - means[i] - means[j];
            }

            trace += kernel[(i * n) + i];
        }

        double square = trace / ((double)n * features);
        square = square > 0 ? square : 1;
        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] /= square;
        }

        return (kernel, means, square);
    }
}

using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Influence;
using Interp.Engine.Models;

namespace Interp.Cli.Influence;

/// <summary>An image whose prediction is asked about.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Part">Its place in the file, or null.</param>
/// <param name="Name">Its folder's name below the output.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Row">What the network gives for it.</param>
internal sealed record AskedImage(string Path, int? Part, string Name, string Hash, ImageRow Row)
{
    /// <summary>The image again, as the network sees it.</summary>
    internal NetworkInput Read(Network network, CancellationToken cancel) => NetworkInput.Read(Path, network, cancel)[Part ?? 0];
}

/// <summary>An image and the class that is asked about.</summary>
/// <param name="Asked">The image.</param>
/// <param name="Test">Its features and the class.</param>
/// <param name="ChosenBy">Why that class: <c>network</c>, <c>head</c> or <c>option</c>.</param>
/// <param name="Network">What the network says, or null.</param>
/// <param name="Head">What the head says.</param>
/// <param name="Warnings">What is doubtful about the question.</param>
internal sealed record Question(
    AskedImage Asked, TestPoint Test, string ChosenBy, AnswerLine? Network, AnswerLine Head, IReadOnlyList<string> Warnings)
{
    /// <summary>Decides on the class: that of <c>--class</c>, else what the network says where a folder is called by that, else what the
    /// head says.</summary>
    internal static Question Of(AskedImage asked, TrainingSet set, InfluenceProblem problem, Network network, int? given)
    {
        HeadAnswer answer = problem.Answer(new TestPoint(asked.Row.Features, 0));
        int says = answer.Prediction;
        var head = new AnswerLine(says, set.Labels[says], answer.Probabilities[says]);
        AnswerLine? own = null;
        int? folder = null;
        if (network.Classes > 0)
        {
            Prediction top = Prediction.Top(asked.Row.Output, network.Labels, network.OutputActivation, 1)[0];
            own = new AnswerLine(top.Class, top.Label, top.Probability);
            int place = set.NetworkClasses.ToList().IndexOf(top.Class);
            folder = place >= 0 ? place : null;
        }

        int target = given ?? folder ?? says;
        var warnings = new List<string>();
        if (own is not null && folder is null)
        {
            warnings.Add($"the network says {TargetWords.Short(own.Label)}, which no training folder is called by");
        }
        else if (folder is { } f && f != says)
        {
            warnings.Add($"the head says {TargetWords.Short(head.Label)} where the network says {TargetWords.Short(own!.Label)}: "
                + "here it does not speak for the network");
        }

        return new Question(
            asked, new TestPoint(asked.Row.Features, target), given is not null ? "option" : folder is not null ? "network" : "head", own,
            head, warnings);
    }
}

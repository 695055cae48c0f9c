using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>Random numbers one after the other, of one image's own stream.</summary>
internal sealed class Dice(ulong seed, ulong stream)
{
    private readonly Rng _rng = new(seed, stream);
    private ulong _next;

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => _rng.Uniform(_next++);

    /// <summary>Uniform between two numbers.</summary>
    public double Between(double from, double to) => from + ((to - from) * Next());

    /// <summary>About normal with deviation 1, by four uniform numbers: no farther than 3.5 from 0.</summary>
    public double Bell() => (Next() + Next() + Next() + Next() - 2) * 1.7320508075688772;

    /// <summary>Cosine and sine of a random angle, by t in [−1, 1]: (1 − t²)/(1 + t²) and 2t/(1 + t²), whose bits IEEE 754 prescribes.
    /// </summary>
    public (double Cosine, double Sine) Direction()
    {
        double t = Between(-1, 1), cosine = (1 - (t * t)) / (1 + (t * t)), sine = 2 * t / (1 + (t * t));
        return Next() < 0.5 ? (-sine, cosine) : (cosine, sine);
    }

    /// <summary>A whole number below a count.</summary>
    public int Below(int count) => (int)(count * Next());

    /// <summary>64 random bits.</summary>
    public ulong Word()
    {
        (uint a, uint b, _, _) = _rng.Block(_next++);
        return ((ulong)a << 32) | b;
    }

    /// <summary>
    /// The n-th card of a deck that is shuffled anew whenever all its cards have been dealt: each turns up as often as any other.
    /// </summary>
    public static int Deal(ulong seed, ulong deck, int cards, int n)
    {
        var dice = new Dice(seed, PatternStreams.Deck + (deck << 28) + (ulong)(n / cards));
        int[] order = [.. Enumerable.Range(0, cards)];
        for (int i = cards - 1; i > 0; i--)
        {
            int other = dice.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order[n % cards];
    }
}

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>A colour that patterns are painted with, each channel in 0…255.</summary>
internal readonly record struct PatternColor(double R, double G, double B)
{
    private const double Spread = 24;

    private double Luma => (0.299 * R) + (0.587 * G) + (0.114 * B);

    /// <summary>A random colour that surely bears a name: one of the name's prototypes, moved by up to 24 a channel.</summary>
    public static PatternColor Named(Dice dice, int name)
    {
        int[] prototypes = ColorPrototypes.All[name].Prototypes;
        for (int i = 0; i < 32; i++)
        {
            int p = prototypes[dice.Below(prototypes.Length)];
            byte r = Moved(p >> 16), g = Moved((p >> 8) & 255), b = Moved(p & 255);
            if (ColorNames.Nearest(r, g, b) is var (found, margin) && found == name && margin >= 2 * ColorNames.Margin)
            {
                return new(r, g, b);
            }
        }

        return new(prototypes[0] >> 16, (prototypes[0] >> 8) & 255, prototypes[0] & 255);

        byte Moved(int value) => (byte)Math.Clamp(value + dice.Between(-Spread, Spread), 0, 255);
    }

    /// <summary>A random colour of another name that stands out against this, in colour and in grey.</summary>
    public PatternColor Opposite(Dice dice)
    {
        for (int i = 0; i < 64; i++)
        {
            PatternColor other = Named(dice, dice.Below(ColorPrototypes.All.Length));
            if (Distance(other) > 200 && Math.Abs(Luma - other.Luma) > 60)
            {
                return other;
            }
        }

        return Luma < 128 ? new(250, 250, 250) : new(5, 5, 5);
    }

    /// <summary>Of a few random colours that which stands out most against all of some.</summary>
    public static PatternColor Behind(Dice dice, IReadOnlyList<PatternColor> colors)
    {
        (PatternColor best, double most) = (default, -1);
        for (int i = 0; i < 24; i++)
        {
            var drawn = new PatternColor(dice.Between(30, 225), dice.Between(30, 225), dice.Between(30, 225));
            double least = colors.Min(c => Math.Min(c.Distance(drawn), 3 * Math.Abs(c.Luma - drawn.Luma)));
            (best, most) = least > most ? (drawn, least) : (best, most);
        }

        return best;
    }

    /// <summary>This colour with a share of another.</summary>
    public PatternColor Mixed(PatternColor other, double share) =>
        new(R + (share * (other.R - R)), G + (share * (other.G - G)), B + (share * (other.B - B)));

    private double Distance(PatternColor other) => Math.Abs(R - other.R) + Math.Abs(G - other.G) + Math.Abs(B - other.B);
}

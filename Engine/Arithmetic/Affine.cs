namespace Interp.Engine.Arithmetic;

/// <summary>
/// An affine map of the plane: (x, y) → (Xx·x + Xy·y + X, Yx·x + Yy·y + Y). Coordinates are in pixels with the first pixel's centre at ½.
/// </summary>
internal readonly record struct Affine(double Xx, double Xy, double X, double Yx, double Yy, double Y)
{
    internal static Affine Identity { get; } = new(1, 0, 0, 0, 1, 0);

    internal static Affine Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Scales both axes and turns by an angle in radians, taking one centre to the other.</summary>
    internal static Affine About((double X, double Y) from, (double X, double Y) to, double scale, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle);
        return Shift(to.X, to.Y).After(new Affine(scale * cos, -scale * sin, 0, scale * sin, scale * cos, 0)).After(
            Shift(-from.X, -from.Y));
    }

    /// <summary>This map applied to what another gives.</summary>
    internal Affine After(Affine first) => new(
        (Xx * first.Xx) + (Xy * first.Yx), (Xx * first.Xy) + (Xy * first.Yy), (Xx * first.X) + (Xy * first.Y) + X,
        (Yx * first.Xx) + (Yy * first.Yx), (Yx * first.Xy) + (Yy * first.Yy), (Yx * first.X) + (Yy * first.Y) + Y);
}

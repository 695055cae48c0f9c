namespace Interp.Engine.Numbers;

/// <summary>Numbers or vectors of numbers of which a mask can keep some and turn the others to zero.</summary>
public interface IMaskable<T> where T : struct, IMaskable<T>
{
    /// <summary>The mask of the elements that are greater than zero; NaN is not.</summary>
    static abstract T IsPositive(T value);

    /// <summary>The mask that is set where either of two is.</summary>
    static abstract T Either(T mask, T other);

    /// <summary>The elements of <paramref name="value"/> where the mask is set, +0 elsewhere.</summary>
    static abstract T Keep(T mask, T value);
}

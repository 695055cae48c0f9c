namespace Interp.Cuda;

/// <summary>Products on tensor cores, by cuBLAS; without it none of these makes a difference.</summary>
public enum FastMath
{
    /// <summary>Float32 throughout.</summary>
    None,

    /// <summary>
    /// Three products of TF32 for each: a·b ≈ a₁·b₂ + a₂·b₁ + a₁·b₁, where a₁ and a₂ are a in two parts of 11 significant bits each. About
    /// 2⁻²¹ of each term is lost, eight times what float32 loses. Convolutions by Winograd's algorithm, of 3×3, and linear layers of many
    /// images; cuDNN's convolutions stay float32. S. Markidis et al., "NVIDIA tensor core programmability, performance &amp; precision",
    /// 2018,
    /// arXiv 1803.04014.
    /// </summary>
    Tf32x3,

    /// <summary>One product of TF32, which keeps 10 bits of the factors, cuDNN's convolutions too, and there algorithms that are less
    /// exact.</summary>
    Tf32,
}

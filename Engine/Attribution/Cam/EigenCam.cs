namespace Interp.Engine.Attribution.Cam;

/// <summary>
/// Eigen-CAM: the feature maps projected on their first principal component, L = ReLU(Σ_k v_k (A^k − mean A^k)), where v is the unit vector
/// of channels along which the positions, centred, vary most. Centred as in pytorch-grad-cam (the paper takes A itself). The sign of v,
/// which the definition leaves open, is the one with which L rises where the feature maps together do, Σ_ij L_ij Σ_k A^k_ij ≥ 0. The same
/// for every target.
/// </summary>
internal sealed class EigenCam() : CamMethod(
    "eigencam", "Eigen-CAM (class-agnostic)", "first principal component of the centred feature maps, the same for every class, ReLU",
    "M. Muhammad, M. Yeasin, arXiv 2008.00299",
    "ReLU(Σ_k v_k (A^k − mean A^k)), v the first principal component of the channels")
{
    /// <inheritdoc/>
    public override bool UsesGradient => false;

    /// <inheritdoc/>
    public override bool IsClassAgnostic => true;

    /// <inheritdoc/>
    protected override RawMap Weigh(FeatureMaps maps)
    {
        var rows = new double[maps.Channels][];
        for (int k = 0; k < rows.Length; k++)
        {
            double mean = 0;
            foreach (float a in maps.A(k))
            {
                mean += a;
            }

            mean /= maps.Positions;
            rows[k] = Array.ConvertAll(maps.A(k).ToArray(), a => a - mean);
        }

        (double[] projection, double share) = PrincipalComponent.Project(rows, maps.Request.Cancel);
        double[] together = maps.Sum(Enumerable.Repeat(1.0, maps.Channels).ToArray());
        double agreement = projection.Zip(together, (p, t) => p * t).Sum();
        return new RawMap(agreement < 0 ? Array.ConvertAll(projection, p => -p)
            : projection) { Facts = [new Fact("explained_variance", share)] };
    }
}

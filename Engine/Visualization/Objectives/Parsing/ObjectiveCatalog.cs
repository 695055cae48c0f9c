using Interp.Engine.Common;
using Interp.Engine.Visualization.Objectives.Algebra;
using Interp.Engine.Visualization.Objectives.Likeness;
using Interp.Engine.Visualization.Objectives.Penalties;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>Every objective that has a name. A new one is one file and one line here.</summary>
public static class ObjectiveCatalog
{
    /// <summary>All by name.</summary>
    public static Catalog<ObjectiveForm> All { get; } = new(
        "objective",
        f => f.Name,
        new("neuron", "neuron(LAYER:CHANNEL[,Y,X])", "neuron(features.28:264)",
            "one neuron, at the map's centre unless a position is given", a => a.Neuron()),
        new("class", "class:ID|LABEL", "class:45", "a class's logit", a => new LogitObjective(a.Network, a.Class())),
        new("probability", "probability:ID|LABEL", "probability:45",
            "the logarithm of a class's probability", a => new LogProbabilityObjective(a.Network, a.Class())),
        new("direction", "direction(LAYER, VECTOR[, POWER[, Y,X|c]])", "direction(features.28, vector.npy)",
            "a direction in a layer's channels: dot·max(0.1, cos)^POWER; VECTOR is a .npy file or random:SEED",
            a => { (var layer, var source, var vector) = a.Vector(); return new DirectionObjective(
            layer, vector, source, a.Number(0), a.Position()); }),
        new("cosine", "cosine(LAYER, VECTOR[, Y,X|c])", "cosine(features.28, vector.npy)",
            "the cosine to a direction in a layer's channels",
            a => { (var layer, var source, var vector) = a.Vector(); return new CosineObjective(layer, vector, source, a.Position()); }),
        new("interpolate", "interpolate(OBJECTIVE, OBJECTIVE)", "interpolate(features.28:3, features.28:9)",
            "from one objective to another across the images of a batch",
            a => new InterpolationObjective(a.Objective(), a.Objective())),
        new("diversity", "diversity(LAYER)", "features.28:264 + 1000 * diversity(features.10)",
            "images of a batch that differ from one another in style", a => new DiversityObjective(a.Layer())),
        new("invert", "invert(LAYER, PHOTO)", "invert(features.28, photo.jpg)",
            "another image with a photo's activations", a => new InversionObjective(a.Layer(), a.Photo())),
        new("caricature", "caricature(LAYER, PHOTO[, POWER])", "caricature(features.28, photo.jpg)",
            "a photo's activations, exaggerated", a => new CaricatureObjective(a.Layer(), a.Photo(), a.Number(0))),
        new("style", "style(LAYER, PHOTO)", "style(features.5, photo.jpg)",
            "a photo's style", a => new StyleObjective(a.Layer(), a.Photo())),
        new("tv", "tv", "features.28:264 - 500 * tv", "total variation, to subtract", _ => new TotalVariationObjective()),
        new("l1", "l1", "features.28:264 - 500 * l1", "mean absolute difference from grey, to subtract", _ => new L1Objective()),
        new("l2", "l2", "features.28:264 - 500 * l2", "mean squared difference from grey, to subtract", _ => new L2Objective()),
        new("distance", "distance(PHOTO)", "class:45 - 10 * distance(photo.jpg)",
            "mean squared difference from a photo, to subtract", a => a.Distance()),
        new("boundary", "boundary[(WIDTH)]", "features.28:264 - 500 * boundary(20)",
            "mean squared difference from grey in a frame along the edges, to subtract", a => new BoundaryObjective(a.Width())));
}

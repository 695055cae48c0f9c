namespace Interp.Cli.Tables;

/// <summary>The recipes, one an entry.</summary>
internal static class TableRecipes
{
    internal static readonly TableRecipe[] List =
    [
        new("methods", "saliency", "What methods show in images", "image", "image:overlay")
        {
            Columns = "method",
            Head = "image:input=as the network saw it,text:explained,number:probability",
        },
        new("pictures", "saliency", "The pictures of a method", "image,method",
            "image:input,image:color,image:negative,image:positive,image:heatmap,image:overlay"),
        new("ranges", "saliency", "Raw values of maps", "image,method",
            "text:explained,number:score,number:raw_min,number:raw_max,number:time_ms"),
        new("evidence", "saliency", "How far maps can be believed", "image,method", "image:overlay,number:evidence.*"),
        new("units", "visualize", "What excites units", "unit",
            "image:image=optimised,number:activation_before=activation before,number:activation_after=after,"
            + "text:{rank} of {channels}=rank,text:top1=read back as,number:prediction.0.probability=probability"),
        new("classes", "visualize", "Images optimised for classes", "explained=class",
            "image:image=optimised,text:top1=read back as,number:prediction.0.probability=its probability,"
            + "number:probability=of the wanted class,text:check=is it the class"),
        new("concept-units", "dissect", "What units stand for", "layer,channel",
            "image:units/{channel}.png=masks,text:label,text:category,number:iou,number:ceiling,number:p,number:q_bh,text:significant")
        {
            Each = "units.csv",
        },
        new("layers", "dissect", "Layers dissected", "layer",
            "number:units,number:detectors,number:expected_by_chance=by chance,number:significant,number:unique,number:dead"),
        new("examples", "top-images", "Photos that excite channels", "layer,channel",
            "image:{sheet}=most exciting,number:statistics.maximum=largest,number:statistics.quantiles.0.5=median,"
            + "number:statistics.active_share=active in,text:label=stands for")
        {
            Each = "units",
        },
        new("removal", "unit", "What the removal of channels does", "unit",
            "image:{sheet}=photos,text:{removal.changed} of {removal.images}=other top class,number:removal.top_drop=probability lost,"
            + "text:removal.fallen.0=falls most,number:removal.fallen.0.change=by")
        {
            Each = "examples.units",
        },
        new("concepts", "concepts test", "How classes depend on concepts", "concept",
            "number:score,text:stars,text:{random_low} to {random_high}=by chance,number:p_corrected=p")
        {
            Columns = "layer,label",
            Each = "scores.csv",
        },
        new("discovered", "concepts discover", "Concepts found in a class", "label,concept",
            "image:{sheet}=crops,number:importance,text:{low} to {high}=95 %,number:p,number:effect,number:share,number:stability")
        {
            Each = "concepts",
        },
        new("channels", "concepts relevance", "Channels that a decision passed through", "image,rank,channel",
            "image:{heatmap}=conditional map,number:share,text:concept=stands for,number:p_corrected=p")
        {
            Each = "channels",
        },
        new("attacks", "attack", "Adversarial images", "image",
            "image:adversarial,text:after.0=read back as,number:after.0.probability=probability,text:success=misled,"
            + "number:distances.linf=L∞,number:distances.l2=L2,number:distances.ssim=SSIM,"
            + "text:{noise.count} of {noise.of}=misled by noise of that size")
        {
            Columns = "method",
            Head = "image:original,text:from=class,number:before.0.probability=probability",
        },
        new("robustness", "attack --curve", "Accuracy under attack", "model,attack", "number:accuracy,text:{low} to {high}=95 %")
        {
            Columns = "epsilon",
            Each = "robustness.csv",
        },
        new("transfer", "attack --transfer", "Models misled by the images of another", "attack",
            "text:{misled} of {images}=misled,number:share")
        {
            Columns = "model",
            Each = "transfer.csv",
        },
        new("influence", "influence", "Training images that made predictions", "rank",
            "image:{picture}=picture,text:train_image=training image,text:label=its class,number:influence,number:newton,number:truth")
        {
            Columns = "image",
            Each = "helpful",
        },
        new("estimates", "influence", "Estimates of influence beside the truth", "method",
            "number:spearman,number:spearman_random=of random images,number:same_class=of the class,number:shared")
        {
            Columns = "image",
            Each = "methods",
        },
        new("suspects", "influence --mislabelled", "Training images with doubtful labels", "rank",
            "image:{picture}=picture,text:train_image=training image,text:label,text:suggested_label=suggested,"
            + "number:suggested_probability=its probability,number:label_probability=of the label,number:scores.*")
        {
            Each = "suspects",
        },
        new("estimators", "influence --compare", "Methods of influence compared", "method",
            "number:lds=LDS,text:{low} to {high}=95 %,number:auroc=AUROC of wrong labels,text:{auroc_low} to {auroc_high}=95 %,"
            + "number:same_class=of the class,number:same_class_chance=by chance,number:overlap=shared,number:overlap_chance=by chance")
        {
            Each = "methods",
        },
        new("metrics", "evaluate", "Methods measured", "method", "number:images,number:columns.*.value") { Each = "methods" },
        new("measured", "evaluate", "Maps measured", "image,method", "number:probability,number:values.*") { Each = "rows" },
    ];
}

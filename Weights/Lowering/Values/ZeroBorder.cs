using Interp.Engine.Tensors;

namespace Interp.Weights.Lowering.Values;

/// <summary>Rows and columns of zeros around a map.</summary>
internal readonly record struct ZeroBorder(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The border of a view that is a node's whole value <c>[N,C,H,W]</c> with zeros around each map, or null where it is
    /// none.</summary>
    internal static ZeroBorder? Of(View view)
    {
        Layout layout = view.Layout;
        Shape node = layout.Node;
        if (!layout.HasZeros || node.Rank != 4 || layout.Shape is not [var images, var channels, var height, var width]
            || images != layout.Batch || channels != node[1] || height < node[2] || width < node[3])
        {
            return null;
        }

        int first = Array.FindIndex(layout.Places, p => p >= 0);
        if (first < 0 || first / (height * width) != 0)
        {
            return null;
        }

        int top = first / width, left = first % width;
        var border = new ZeroBorder(top, left, height - node[2] - top, width - node[3] - left);
        return border is { Bottom: >= 0, Right: >= 0 } && border.Fits(layout) ? border : null;
    }

    private bool Fits(Layout layout)
    {
        Shape node = layout.Node;
        int height = layout.Shape[2], width = layout.Shape[3], next = 0;
        int[] places = layout.Places;
        for (int i = 0; i < places.Length; i++)
        {
            int row = i / width % height - Top, column = i % width - Left;
            bool inside = row >= 0 && row < node[2] && column >= 0 && column < node[3];
            if (places[i] != (inside ? next : -1))
            {
                return false;
            }

            next += inside ? 1 : 0;
        }

        return true;
    }
}

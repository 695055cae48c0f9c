namespace Interp.Engine.LinearAlgebra;

/// <summary>The pairing of rows with columns that costs least (H. Kuhn's Hungarian method, Naval Research Logistics 2, 1955; by shortest
/// paths, R. Jonker, A. Volgenant, Computing 38, 1987). Exact; time grows with the cube of the rows.</summary>
internal static class Assignment
{
    /// <summary>The column of each row.</summary>
    /// <param name="costs"><c>[n,n]</c>, finite.</param>
    /// <param name="size">n.</param>
    internal static int[] Least(ReadOnlySpan<double> costs, int size)
    {
        // Places count from 1; 0 stands for none.
        double[] rowPrice = new double[size + 1], columnPrice = new double[size + 1];
        int[] rowOf = new int[size + 1], before = new int[size + 1];
        for (int row = 1; row <= size; row++)
        {
            rowOf[0] = row;
            int column = 0;
            double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, size + 1)];
            var seen = new bool[size + 1];
            while (rowOf[column] != 0)
            {
                seen[column] = true;
                (double step, int next) = (double.PositiveInfinity, 0);
                for (int j = 1; j <= size; j++)
                {
                    if (seen[j])
                    {
                        continue;
                    }

                    int i = rowOf[column];
                    double cost = costs[((i - 1) * size) + j - 1] - rowPrice[i] - columnPrice[j];
                    (least[j], before[j]) = cost < least[j] ? (cost, column) : (least[j], before[j]);
                    (step, next) = least[j] < step ? (least[j], j) : (step, next);
                }

                for (int j = 0; j <= size; j++)
                {
                    if (seen[j])
                    {
                        rowPrice[rowOf[j]] += step;
                        columnPrice[j] -= step;
                    }
                    else
                    {
                        least[j] -= step;
                    }
                }

                column = next;
            }

            for (; column != 0; column = before[column])
            {
                rowOf[column] = rowOf[before[column]];
            }
        }

        var found = new int[size];
        for (int j = 1; j <= size; j++)
        {
            found[rowOf[j] - 1] = j - 1;
        }

        return found;
    }
}

using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters that rotate together.</summary>
internal static class RotationAssembly
{
    private static readonly Operator Solve = Operator.Find("aten::linalg_solve");
    private static readonly Operator Eye = Operator.Find("aten::eye", "m");

    /// <summary>OFT.</summary>
    public static void Build(AdapterBuilder builder, OftConfig config)
    {
        var linears = Targeting.Linears(builder, config, config.Targets);
        foreach (var linear in linears)
        {
            var (blocks, size) = Blocks("OFT", linear, config.Rank, config.BlockSize);
            long[] shape = [config.ShareBlocks ? 1 : blocks, size * (size - 1) / 2];
            var triangle = builder.Add(
                $"{AdapterAssembly.Prefix}{linear.Name}.oft_R.weight", shape, _ => Tensor.Zeros(DType.Float32, shape));
            var places = TrianglePlaces(size);
            builder.Put(linear.Name, new RotationPart(
                linear, builder.Derive(() => Rotation(triangle.Value, places, blocks, size, config)), null));
        }

        WholeModules.BuildBiases(
            builder, config.Bias, linears.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>BOFT.</summary>
    public static void Build(AdapterBuilder builder, BoftConfig config)
    {
        var linears = Targeting.Linears(builder, config, config.Targets);
        foreach (var linear in linears)
        {
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            var (blocks, size) = Blocks("BOFT", linear, config.BlockCount, config.BlockSize);
            var factors = builder.ShapeInFile($"{name}.boft_R") is [var stored and > 0, ..] ? (int)stored : 1;
            long[] shape = [factors, blocks, size, size];
            var matrices = builder.Add($"{name}.boft_R", shape, _ => Tensor.Zeros(DType.Float32, shape));
            var scale = builder.Add(
                $"{name}.boft_s", [linear.Outputs, 1], _ => Tensor.Ones(DType.Float32, linear.Outputs, 1));
            long[][] orders = [.. Enumerable.Range(0, factors).Select(
                factor => Butterfly(linear.Inputs, blocks >> factor, size / 2, factors - 1))];
            builder.Put(
                linear.Name, new RotationPart(linear, builder.Derive(() => Product(matrices.Value, orders)), scale));
        }

        WholeModules.BuildBiases(
            builder, config.Bias, linears.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal));
    }

    private static (long Blocks, long Size) Blocks(string kind, Linear linear, long blocks, long size)
    {
        var (count, width) = blocks > 0 ? (blocks, linear.Inputs / blocks) : (linear.Inputs / Math.Max(size, 1), size);
        return count > 0 && count * width == linear.Inputs
            ? (count, width)
            : throw new CheckpointException(
                $"adapter {kind}: blocks must divide the {linear.Inputs} inputs of \"{linear.Name}\", got "
                + (blocks > 0 ? $"{blocks} blocks" : $"blocks of {size}"));
    }

    // Where each number of an upper triangle lies in its block, row by row.
    private static long[] TrianglePlaces(long size)
    {
        var places = new List<long>();
        for (var row = 0L; row < size; row++)
        {
            for (var column = row + 1; column < size; column++)
            {
                places.Add((row * size) + column);
            }
        }

        return [.. places];
    }

    // Q is skew with this upper triangle; R = (I − Q)(I + Q)⁻¹, or its sum of powers.
    private static Tensor Rotation(Tensor triangle, long[] places, long blocks, long size, OftConfig config)
    {
        var count = triangle.Size(0);
        var upper = Tensor.Zeros(triangle.DType, count, size * size)
            .IndexCopy(1, Tensor.From<long>(places, places.Length), triangle).View(count, size, size);
        var q = upper - upper.Transpose(1, 2);                                       // [block, size, size]
        var rotation = config.UseNeumann ? Neumann(q, config.NeumannTerms) : Cayley(q);
        return count == blocks ? rotation : rotation.Expand(blocks, size, size);
    }

    // R = I + 2(Q + … + Qⁿ⁻²) + Qⁿ⁻¹; of two terms the second is 2Q, and the library counts three as four.
    private static Tensor Neumann(Tensor q, int terms)
    {
        var last = terms == 3 ? 3 : terms - 1;
        var sum = Identity(q.Size(1)).Expand(q.Shape);
        var power = q;
        for (var k = 1; k <= last; k++)
        {
            sum += k == last && k > 1 ? power : power * 2.0;
            power = power.Matmul(q);
        }

        return sum;
    }

    // R = (I − Q)(I + Q)⁻¹
    private static Tensor Cayley(Tensor q)
    {
        var one = Identity(q.Size(1)).Expand(q.Shape);
        return Solve.Call(one + q, one - q, false);
    }

    // R = Rₙ⋯R₁, each factor blocks between a permutation and its inverse: P·blockdiag(R)·Pᵀ.
    private static Tensor Product(Tensor matrices, long[][] orders)
    {
        var (factors, blocks, size) = (matrices.Size(0), matrices.Size(1), matrices.Size(2));
        var skew = (matrices - matrices.Transpose(2, 3)) * 0.5;
        var rotations = Cayley(skew.Reshape(factors * blocks, size, size));
        Tensor? product = null;
        for (var factor = 0; factor < factors; factor++)
        {
            // Row i of P has its 1 in column order[i], so that (P·X·Pᵀ)[i, j] = X[order[i], order[j]].
            var order = Tensor.From<long>(orders[factor], orders[factor].Length);
            var whole = Diagonal(rotations.Narrow(0, factor * blocks, blocks)).IndexSelect(0, order)
                .IndexSelect(1, order);
            product = product is null ? whole : whole.Matmul(product);
        }

        return product!;
    }

    private static Tensor Diagonal(Tensor blocks)
    {
        var (count, size) = (blocks.Size(0), blocks.Size(1));
        var rows = new long[count * size * size];
        for (var i = 0; i < rows.Length; i++)
        {
            var (block, row, column) = (i / (size * size), i / size % size, i % size);
            rows[i] = (((block * size) + row) * count * size) + (block * size) + column;
        }

        return Tensor.Zeros(blocks.DType, count * size * count * size)
            .IndexCopy(0, Tensor.From<long>(rows, rows.Length), blocks.Reshape(-1)).View(count * size, count * size);
    }

    // Of every run of halves of blocks the even ones come first, then the odd ones.
    private static long[] Butterfly(long inputs, long groups, long half, int level)
    {
        var order = new long[inputs];
        var (group, step) = (inputs / Math.Max(groups, 1), level == 0 ? 0 : inputs / groups / half);
        for (var i = 0L; i < inputs; i++)
        {
            if (level == 0)
            {
                order[i] = i;
                continue;
            }

            var (start, place) = (i / group * group, i % group / half);
            var evens = (step + 1) / 2;
            var from = place < evens ? 2 * place : (2 * (place - evens)) + 1;
            order[i] = start + (from * half) + (i % half);
        }

        return order;
    }

    private static Tensor Identity(long size) => Eye.Call(size, size, DType.Float32);
}

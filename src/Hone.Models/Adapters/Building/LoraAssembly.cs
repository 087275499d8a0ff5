using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts low-rank adapters together.</summary>
internal static class LoraAssembly
{
    private static readonly string[] EmbeddingNames = ["embed_tokens", "lm_head"];

    /// <summary>Asks for the tensors and puts the parts in their places.</summary>
    public static void Build(AdapterBuilder builder, LoraConfig config)
    {
        var layers = config.LayerReplication.Sum(range => range.End - range.First);
        if (layers > 0 && layers != builder.Modules.Config.Layers.Count)
        {
            throw new CheckpointException(
                $"adapter LORA: the model must be stacked of the {layers} layers that layer_replication names, it has "
                + $"{builder.Modules.Config.Layers.Count}; load model and adapter together");
        }

        var (modules, (linears, embeddings)) = (builder.Modules, Targeting.Find(builder, config, config.Targets));
        var tied = config.EnsureWeightTying && modules.Config.TiedHead
            && (embeddings.Contains(modules.Embedding) || linears.Contains(modules.Head));
        foreach (var table in tied ? embeddings.Union([modules.Embedding]) : embeddings)
        {
            PutEmbedding(builder, config, table, tied && table == modules.Embedding);
        }

        foreach (var linear in linears.Where(linear => !(tied && linear == modules.Head)))
        {
            PutLinear(builder, config, linear);
        }

        if (config.TrainableTokens.Count > 0)
        {
            PutTokens(builder, config);
        }

        var names = linears.Select(linear => linear.Name).Concat(embeddings.Select(table => table.Name)).ToHashSet(
            StringComparer.Ordinal);
        WholeModules.BuildBiases(builder, config.Bias, names);
        SaveEmbeddings(builder, config, tied ? [.. names, modules.Embedding.Name, modules.Head.Name] : names);
    }

    private static void PutLinear(AdapterBuilder builder, LoraConfig config, Linear linear)
    {
        var (rank, scale) = config.SizeOf(linear.Name);
        var name = $"{AdapterAssembly.Prefix}{linear.Name}";
        var startDraws = builder.NextDraws();
        var start = new Lazy<LoraStart>(
            () => LoraStart.Of(config.Initial, linear.ReadWeight(), rank, scale, startDraws));
        builder.AfterFill(() => Dispose(start));
        (long[] downShape, long[] upShape) = ([rank, linear.Inputs], [linear.Outputs, rank]);
        var down = builder.Add(
            $"{name}.lora_A.weight", downShape, draws => Down(config.Initial, draws, downShape, start));
        var up = builder.Add(
            $"{name}.lora_B.weight", upShape, draws =>
                Up(config.Initial, draws, upShape, start), trainable: config.Initial != LoraInitial.Mica);
        var bias = config.LoraBias
            ? builder.Add($"{name}.lora_B.bias", [linear.Outputs], _ => Tensor.Zeros(DType.Float32, linear.Outputs))
            : null;
        var part = new LoraPart
        {
            A = down,
            B = up,
            Bias = bias,
            Scale = scale,
            Dropout = config.Dropout,
            Place = builder.NextPlace(),
            TakenOff = config.TakesOffBase ? TakeOff(builder, name, down, up, start) : null,
        };
        builder.Put(linear.Name, config.UseDora ? Dora(builder, linear, part, name) : part);
    }

    // What training began with is taken off W: W + s·(B·A − B₀·A₀). Stored is the same change as one of twice the rank:
    // [B, −B₀]·[A; A₀].
    private static (Parameter A, Parameter B) TakeOff(
        AdapterBuilder builder, string name, Parameter down, Parameter up, Lazy<LoraStart> start)
    {
        var a = builder.Add(
            $"{name}.start_A", down.Spec.Shape, _ => start.Value.A.Clone(), trainable: false, fileName: "");
        var b = builder.Add(
            $"{name}.start_B", up.Spec.Shape, _ => start.Value.B.Clone(), trainable: false, fileName: "");
        builder.SaveAs(down.Spec.Name, () => Tensor.Cat([down.Value, a.Value], 0));
        builder.SaveAs(up.Spec.Name, () => Tensor.Cat([up.Value, -b.Value], 1));
        return (a, b);
    }

    private static void Dispose(Lazy<LoraStart> start)
    {
        if (start.IsValueCreated)
        {
            start.Value.A.Dispose();
            start.Value.B.Dispose();
        }
    }

    private static DoraPart Dora(AdapterBuilder builder, Linear linear, LoraPart part, string name)
    {
        // The base weight as it stands has the magnitudes that training begins with; B·A is counted where it is not 0.
        var norm = builder.Derive(() => DoraPart.Norm(linear, part));
        var magnitude = builder.Add(
            $"{name}.lora_magnitude_vector", [linear.Outputs], _ => DoraPart.Norm(linear, part));
        return new DoraPart(linear, part, magnitude, norm);
    }

    private static void PutEmbedding(AdapterBuilder builder, LoraConfig config, EmbeddingTable table, bool tied)
    {
        var (rank, scale) = config.SizeOf(table.Name);
        var name = $"{AdapterAssembly.Prefix}{table.Name}";
        var (rows, width) = (table.Weight.Spec.Shape[0], table.Weight.Spec.Shape[1]);
        long[] downShape = [rank, rows];
        long[] upShape = [width, rank];
        var begins = config.Initial != LoraInitial.Random;
        var down = builder.Add(
            $"{name}.lora_embedding_A", downShape, draws =>
                begins ? Tensor.Zeros(DType.Float32, downShape) : draws.Normal(downShape, 1));
        var up = builder.Add($"{name}.lora_embedding_B", upShape, draws => draws.Normal(upShape, 1));
        var magnitude = config.UseDora
            ? builder.Add($"{name}.lora_magnitude_vector", [width], _ => EmbeddingLoraPart.Norm(table, down, up, scale))
            : null;
        var norm = config.UseDora ? builder.Derive(() => EmbeddingLoraPart.Norm(table, down, up, scale)) : null;
        builder.Put(table.Name, new EmbeddingLoraPart(down, up, scale, magnitude, norm));
        if (tied)
        {
            var head = builder.Modules.Head.Name;
            builder.Put(head, new LoraPart
            {
                A = builder.AddTransposed($"{AdapterAssembly.Prefix}{head}.lora_A.weight", up),
                B = builder.AddTransposed($"{AdapterAssembly.Prefix}{head}.lora_B.weight", down),
                Scale = scale,
            });
        }
    }

    private static void PutTokens(AdapterBuilder builder, LoraConfig config)
    {
        var table = builder.Modules.Embedding;
        var (vocabulary, width) = (table.Weight.Spec.Shape[0], table.Weight.Spec.Shape[1]);
        long[] tokens = [.. config.TrainableTokens.Select(token => (long)token)];
        if (tokens.FirstOrDefault(token => token < 0 || token >= vocabulary) is not 0 and var stranger)
        {
            throw new CheckpointException(
                $"adapter LORA: trainable_token_indices must be from 0 to {vocabulary - 1}, got {stranger}");
        }

        var rows = builder.Add(
            $"{AdapterAssembly.Prefix}{table.Name}.token_adapter.trainable_tokens_delta",
            [tokens.Length, width],
            _ => table.Weight.Value.To(DType.Float32).IndexSelect(0, Tensor.From<long>(tokens, tokens.Length)));
        builder.Put(table.Name, new TokenRowsPart(tokens, rows, isHead: false));
        if (builder.Modules.Config.TiedHead)
        {
            builder.Put(builder.Modules.Head.Name, new TokenRowsPart(tokens, rows, isHead: true));
        }
    }

    // Where an embedding or the head is a target by its own name, the library stores the base model's matrix with the
    // adapter.
    private static void SaveEmbeddings(AdapterBuilder builder, LoraConfig config, HashSet<string> targets)
    {
        var byName = config.Targets.Pattern is not null
            ? !config.Targets.IsAllLinear && targets.Any(
                name => EmbeddingNames.Contains(name[(name.LastIndexOf('.') + 1)..]))
            : config.Targets.Names.Any(name => EmbeddingNames.Contains(name));
        if (!byName || config.TrainableTokens.Count > 0)
        {
            return;
        }

        var modules = builder.Modules;
        SaveBase(builder, targets, modules.Embedding.Name, modules.Embedding.Weight);
        SaveBase(builder, targets, modules.Head.Name, modules.Head.Weight);
    }

    private static void SaveBase(AdapterBuilder builder, HashSet<string> targets, string name, Parameter weight)
    {
        if (targets.Contains(name))
        {
            var stored = $"{AdapterAssembly.Prefix}{name}.base_layer.weight";
            builder.Save(new AdapterTensor(stored, weight.Spec.Shape, () => weight.Value, IsOptional: true));
        }
    }

    private static Tensor Down(LoraInitial initial, FreshDraws draws, long[] shape, Lazy<LoraStart> start) =>
        initial switch
        {
            LoraInitial.Zero or LoraInitial.Random => draws.KaimingUniform(shape),
            LoraInitial.Gaussian => draws.Normal(shape, 1.0 / shape[0]),
            _ => start.Value.A.Clone(),
        };

    private static Tensor Up(LoraInitial initial, FreshDraws draws, long[] shape, Lazy<LoraStart> start) =>
        initial switch
        {
            LoraInitial.Zero or LoraInitial.Gaussian => Tensor.Zeros(DType.Float32, shape),
            LoraInitial.Random => draws.KaimingUniform(shape),
            _ => start.Value.B.Clone(),
        };
}

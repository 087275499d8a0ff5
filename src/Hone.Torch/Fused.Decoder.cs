namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator DecoderArenaOp = Operator.Find("hone::decoder_arena");
    private static readonly Operator DecoderPackOp = Operator.Find("hone::decoder_pack_");
    private static readonly Operator DecoderAdapterOp = Operator.Find("hone::decoder_adapter");
    private static readonly Operator DecoderStepOp = Operator.Find("hone::decoder_step");
    private static readonly Operator SystemMemoryOp = Operator.Find("hone::system_memory");
    private static readonly Operator SampleOp = Operator.Find("hone::sample");

    /// <summary>A tensor in memory of its own, which the system gives page by page as it is first written; its elements
    /// are 0 until then.</summary>
    /// <param name="dtype">The dtype.</param>
    /// <param name="huge">Whether it is worth large pages: several megabytes that are read over and over.</param>
    /// <param name="shape">The dimensions.</param>
    /// <exception cref="TorchException">The system does not give so much.</exception>
    public static Tensor SystemMemory(DType dtype, bool huge, params long[] shape) =>
        SystemMemoryOp.Call(shape, dtype, huge);

    /// <summary>
    /// Memory for the packed weights of a decoder, uint8 <c>[bytes]</c>; <see cref="DecoderPack"/> fills it.
    /// </summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="compute">float32 or bfloat16: what numbers between products are in, and weights that have no
    /// code.</param>
    /// <param name="codes">
    /// How each matrix is kept: for each layer queries-keys-values, output, gate and up, down; then the head.
    /// </param>
    public static Tensor DecoderArena(DecoderShape shape, DType compute, IReadOnlyList<WeightCode> codes) =>
        DecoderArenaOp.Call(shape.Sizes(), shape.Reals(), compute, codes.Select(code => (long)code).ToArray());

    /// <summary>Packs weights, from float32 or bfloat16; a matrix in few bits also from rows of GGUF's blocks of the
    /// same kind, uint8.</summary>
    /// <param name="arena">What <see cref="DecoderArena"/> made; written.</param>
    /// <param name="weights">
    /// For each layer: attention norm, queries-keys-values and their bias, query norm, key norm, output and its bias,
    /// feed-forward norm, gate and its bias, up and its bias, down and its bias; then the last norm and the head. What
    /// the shape does not have is left out.
    /// </param>
    public static void DecoderPack(Tensor arena, Tensor[] weights) =>
        DecoderPackOp.Run(arena, Argument.Optional(weights));

    /// <summary>Packs an adapter for a decoder, uint8 <c>[bytes]</c>: memory of its own beside the decoder's
    /// weights.</summary>
    /// <param name="arena">The decoder's packed weights; its sizes alone are read.</param>
    /// <param name="changes">What becomes of each product, in the order of <see cref="DecoderArena"/>'s codes; rows of
    /// gates come before those of what they gate.</param>
    public static Tensor DecoderAdapter(Tensor arena, IReadOnlyList<MatrixChange> changes) => DecoderAdapterOp.Call(
        arena,
        changes.SelectMany(change => change.Terms.Select(term => term.Row).Prepend(change.Terms.Count)).ToArray(),
        changes.SelectMany(change => change.Terms).Select(term => term.Scale).ToArray(),
        Argument.Optional(
            [.. changes.SelectMany(change => (Tensor?[])[
                .. change.Terms.SelectMany(term => (Tensor[])[term.Lower, term.Upper]),
                change.Gain,
                change.Offset,
                change.Inputs])]));

    /// <summary>Runs all tokens of a batch through a decoder and chooses tokens, in one call.</summary>
    /// <remarks>
    /// Weights are read in panels that every instruction set multiplies as they lie; keys and values lie in pages
    /// (PagedAttention, arXiv:2309.06180). The result of a token has the same bits whatever else is in the batch,
    /// however a prompt was cut into steps, and for any number of threads. Numbers are rounded where the composition of
    /// operators rounds them.
    /// </remarks>
    /// <param name="arena">The packed weights.</param>
    /// <param name="embedding">float32 or bfloat16 <c>[vocab, hidden]</c>; or <c>[0, hidden]</c>: the numbers of the
    /// head, which is in few bits.</param>
    /// <param name="keyPages">Of each layer, as <see cref="PageLayout.Keys"/>; written.</param>
    /// <param name="valuePages">Of each layer, as <see cref="PageLayout.Values"/>; written.</param>
    /// <param name="batch">The tokens.</param>
    /// <param name="choices">What is chosen from the logits of the wanted tokens.</param>
    /// <returns>The chosen tokens, and the logits <c>[wanted, vocab]</c> in the compute dtype.</returns>
    public static (ChosenTokens Chosen, Tensor Logits) DecoderStep(
        Tensor arena, Tensor embedding, Tensor[] keyPages, Tensor[] valuePages, DecoderBatch batch,
        TokenChoices choices) =>
        DecoderStepOp.CallMany(
            arena,
            embedding,
            keyPages,
            valuePages,
            batch.Rotations.ToArray(),
            batch.Ids,
            batch.BlockTable,
            batch.QueryStarts,
            batch.ContextLengths,
            batch.Wanted,
            choices.RealTensor(),
            choices.IntegerTensor(),
            choices.TokenTensor(),
            batch.Adapters.ToArray(),
            batch.AdapterOf) is [var ids, var logProbs, var logits]
            ? (new ChosenTokens(ids, logProbs), logits)
            : throw new TorchException($"{DecoderStepOp}: must give three tensors");

    /// <summary>Chooses tokens from logits, without sorting the vocabulary.</summary>
    /// <param name="logits">float32 or bfloat16 <c>[row, vocab]</c>.</param>
    /// <param name="choices">What is chosen.</param>
    public static ChosenTokens Sample(Tensor logits, TokenChoices choices) =>
        SampleOp.CallMany(logits, choices.RealTensor(), choices.IntegerTensor(), choices.TokenTensor())
            is [var ids, var logProbs]
            ? new ChosenTokens(ids, logProbs)
            : throw new TorchException($"{SampleOp}: must give two tensors");
}

using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>Reverse-mode differentiation.</summary>
public static unsafe class Autograd
{
    /// <summary>Whether operators on this thread record what a backward pass needs.</summary>
    public static bool IsRecording => Door.hone_grad_enabled() != 0;

    /// <summary>Switches recording off on this thread until the returned value is disposed.</summary>
    public static RecordingScope NoGrad() => new(false);

    /// <summary>
    /// Accumulates d(Σ root)/d(leaf) into the <see cref="Tensor.Grad"/> of every leaf that requires it.
    /// </summary>
    /// <param name="roots">The outputs.</param>
    /// <param name="seeds">The weight of each output's elements, of its shape; empty where every root is a
    /// scalar.</param>
    public static void Backward(ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor> seeds = default)
    {
        if (seeds.Length != 0 && seeds.Length != roots.Length)
        {
            throw new ArgumentException(
                $"there must be one seed for each of the {roots.Length} roots, found {seeds.Length}");
        }

        nint* rootHandles = stackalloc nint[roots.Length];
        nint* seedHandles = stackalloc nint[roots.Length];
        Handles(roots, rootHandles);
        Handles(seeds, seedHandles);
        Door.Check(Door.hone_backward(rootHandles, seeds.Length == 0 ? null : seedHandles, roots.Length));
        KeepAlive(roots);
        KeepAlive(seeds);
    }

    /// <summary>
    /// The gradients of Σ roots with respect to <paramref name="inputs"/>, leaving every leaf's own gradient alone.
    /// </summary>
    /// <param name="roots">Scalars.</param>
    /// <param name="inputs">What to differentiate by.</param>
    /// <param name="createGraph">Record the backward pass too, for derivatives of derivatives.</param>
    /// <returns>One gradient an input; null where the roots do not depend on it.</returns>
    public static Tensor?[] Gradients(ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor> inputs, bool createGraph = false)
    {
        nint* rootHandles = stackalloc nint[roots.Length];
        nint* inputHandles = stackalloc nint[inputs.Length];
        nint* found = stackalloc nint[inputs.Length];
        Handles(roots, rootHandles);
        Handles(inputs, inputHandles);
        Door.Check(Door.hone_gradients(
            rootHandles, null, roots.Length, inputHandles, inputs.Length, createGraph ? 1 : 0, found));
        KeepAlive(roots);
        KeepAlive(inputs);
        var gradients = new Tensor?[inputs.Length];
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] = found[i] == 0 ? null : new Tensor(found[i]);
        }

        return gradients;
    }

    private static void Handles(ReadOnlySpan<Tensor> tensors, nint* handles)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            handles[i] = tensors[i].Handle;
        }
    }

    private static void KeepAlive(ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }

    /// <summary>Restores, when disposed, what was recorded before.</summary>
    public readonly ref struct RecordingScope
    {
        private readonly bool _before;

        internal RecordingScope(bool record)
        {
            _before = IsRecording;
            Door.hone_set_grad_enabled(record ? 1 : 0);
        }

        /// <summary>Restores the former state of this thread.</summary>
        public void Dispose() => Door.hone_set_grad_enabled(_before ? 1 : 0);
    }
}

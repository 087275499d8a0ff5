using System.Runtime.CompilerServices;
using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>An operator of libtorch's dispatcher, resolved once by name and called with tagged arguments.</summary>
/// <remarks>Every ATen operator is reachable; trailing arguments that are not given take the schema's
/// defaults.</remarks>
[SkipLocalsInit] // to clear the space for results would cost a good part of a small call
public sealed unsafe class Operator
{
    private const int MaxResults = 64;

    private readonly Lazy<nint> _handle;

    private Operator(string name, string overload)
    {
        Name = overload.Length == 0 ? name : $"{name}.{overload}";
        _handle = new Lazy<nint>(() =>
        {
            Door.Check(Door.hone_operator_find(name, overload, out var handle));
            return handle;
        });
    }

    /// <summary>The name with its overload, as <c>aten::add.Tensor</c>.</summary>
    public string Name { get; }

    /// <summary>The signature in libtorch's own notation.</summary>
    public string Schema
    {
        get
        {
            var handle = _handle.Value;
            var buffer = new byte[8192];
            fixed (byte* start = buffer)
            {
                var length = Door.hone_operator_schema(handle, start, buffer.Length);
                return System.Text.Encoding.UTF8.GetString(buffer, 0, Math.Min(length, buffer.Length));
            }
        }
    }

    /// <summary>Names an operator. It is looked up at its first call, so that naming one loads nothing.</summary>
    public static Operator Find(string name, string overload = "") => new(name, overload);

    /// <summary>Whether this libtorch has the operator.</summary>
    public static bool Exists(string name, string overload = "") => Door.hone_operator_exists(name, overload) != 0;

    /// <summary>Calls an operator whose first result is a tensor.</summary>
    /// <exception cref="TorchException">The operator refuses the arguments; the text is its own.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaxResults];
        var count = Invoke(arguments, results);
        for (var i = 1; i < count; i++)
        {
            Discard(results[i]);
        }

        return count > 0 && results[0] is { Kind: ArgumentKind.Tensor, Bits: not 0 }
            ? new Tensor((nint)results[0].Bits)
            : throw new TorchException(
                $"{Name}: must give a tensor, gave {(count > 0 ? results[0].Kind : ArgumentKind.None)}");
    }

    /// <summary>Calls an operator with several tensors (or a list of them) as results.</summary>
    /// <exception cref="TorchException">The operator refuses the arguments; the text is its own.</exception>
    public Tensor[] CallMany(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaxResults];
        var count = Invoke(arguments, results);
        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            tensors[i] = new Tensor((nint)results[i].Bits);
        }

        return tensors;
    }

    /// <summary>Calls an operator for what it does to its arguments; its results are dropped.</summary>
    /// <exception cref="TorchException">The operator refuses the arguments; the text is its own.</exception>
    public void Run(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument* results = stackalloc NativeArgument[MaxResults];
        var count = Invoke(arguments, results);
        for (var i = 0; i < count; i++)
        {
            Discard(results[i]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeArgument* results)
    {
        var scratchLength = ScratchWords(arguments);
        long* scratch = stackalloc long[scratchLength <= 256 ? Math.Max(1, scratchLength) : 1];
        if (scratchLength <= 256)
        {
            return Invoke(arguments, scratch, results);
        }

        fixed (long* large = new long[scratchLength])
        {
            return Invoke(arguments, large, results);
        }
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, long* scratch, NativeArgument* results)
    {
        NativeArgument* native = stackalloc NativeArgument[Math.Max(1, arguments.Length)];
        for (var i = 0; i < arguments.Length; i++)
        {
            scratch = Marshal(arguments[i], &native[i], scratch);
        }

        int count;
        var status = Door.hone_operator_call(_handle.Value, native, arguments.Length, results, MaxResults, &count);
        foreach (ref readonly var argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }

        Door.Check(status);
        return count;
    }

    private static int ScratchWords(ReadOnlySpan<Argument> arguments)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Reference switch
            {
                null or Tensor => 0,
                byte[] text => (text.Length + 7) / 8,
                Array list => list.Length,
                _ => 0,
            };
        }

        return words;
    }

    /// <summary>
    /// Writes one argument; lists are copied into the scratch space, whose next free word is returned.
    /// </summary>
    private static long* Marshal(in Argument argument, NativeArgument* native, long* scratch)
    {
        native->Kind = argument.Kind;
        native->Length = 0;
        native->Bits = argument.Bits;
        switch (argument.Reference)
        {
            case null:
                return scratch;
            case Tensor tensor:
                native->Bits = tensor.Handle;
                return scratch;
            case long[] integers:
                return List(integers, native, scratch);
            case double[] reals:
                return List(System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(reals), native, scratch);
            case byte[] text:
                text.CopyTo(new Span<byte>(scratch, text.Length));
                native->Length = text.Length;
                native->Bits = (nint)scratch;
                return scratch + ((text.Length + 7) / 8);
            case Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++)
                {
                    scratch[i] = tensors[i]?.Handle ?? 0;
                }

                native->Length = tensors.Length;
                native->Bits = (nint)scratch;
                return scratch + tensors.Length;
            default:
                throw new ArgumentException($"an argument holds a {argument.Reference.GetType().Name}");
        }
    }

    private static long* List(ReadOnlySpan<long> words, NativeArgument* native, long* scratch)
    {
        words.CopyTo(new Span<long>(scratch, words.Length));
        native->Length = words.Length;
        native->Bits = (nint)scratch;
        return scratch + words.Length;
    }

    private static void Discard(in NativeArgument result)
    {
        if (result is { Kind: ArgumentKind.Tensor, Bits: not 0 })
        {
            Door.hone_tensor_free((nint)result.Bits);
        }
    }
}

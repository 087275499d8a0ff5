namespace Hone.Torch.Native;

/// <summary>The kinds of an operator's argument or result; <c>native/door/door.h</c> has the same list.</summary>
internal enum ArgumentKind
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    Ints = 5,
    Doubles = 6,
    Bools = 7,
    Tensors = 8,
    OptionalTensors = 9,
    String = 10,
    Device = 11,
    Default = 12,
}

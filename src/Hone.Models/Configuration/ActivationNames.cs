namespace Hone.Models.Configuration;

/// <summary>Non-linearities as <c>config.json</c> spells them.</summary>
internal static class ActivationNames
{
    public static Activation Read(ConfigFields fields, string name, string absent) => fields.Text(name, absent) switch
    {
        "silu" or "swish" => Activation.Silu,
        "gelu" => Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
        "relu" => Activation.Relu,
        var other => throw fields.Wrong(name, "one of silu, gelu, gelu_new, gelu_pytorch_tanh, relu", $"\"{other}\""),
    };

    public static string Of(Activation activation) => activation switch
    {
        Activation.Silu => "silu",
        Activation.Gelu => "gelu",
        Activation.GeluTanh => "gelu_pytorch_tanh",
        Activation.Relu => "relu",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "unknown activation"),
    };
}

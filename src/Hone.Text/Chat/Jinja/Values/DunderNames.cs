using System.Collections.Frozen;

namespace Hone.Text.Chat.Jinja;

/// <summary>The attributes of Python's types that begin with an underline. Templates see none of them; it matters that
/// they exist, since one that does not is looked for among the keys of a dict.</summary>
internal static class DunderNames
{
    private const string Every =
        "class delattr dir doc eq format ge getattribute getstate gt hash init init_subclass le lt ne new reduce "
        + "reduce_ex repr setattr sizeof str subclasshook";

    private const string Numbers =
        "abs add bool ceil divmod float floor floordiv getnewargs int mod mul neg pos pow radd rdivmod rfloordiv rmod "
        + "rmul round rpow rsub rtruediv sub truediv trunc";

    private const string Bits = "and index invert lshift or rand rlshift ror rrshift rshift rxor xor";

    private const string Sets = "and contains iter len or rand reversed ror rsub rxor sub xor";

    private const string Function =
        "annotations builtins call closure code defaults dict get globals kwdefaults module name qualname";

    private static readonly FrozenDictionary<string, FrozenSet<string>> ByType = new Dictionary<string, string>
    {
        ["NoneType"] = "bool",
        ["bool"] = $"{Numbers} {Bits}",
        ["int"] = $"{Numbers} {Bits}",
        ["float"] = $"{Numbers} getformat",
        ["str"] = "add contains getitem getnewargs iter len mod mul rmod rmul",
        ["Markup"] = "add contains getitem getnewargs html html_format iter len mod module mul radd rmod rmul slots",
        ["bytes"] = "add bytes contains getitem getnewargs iter len mod mul rmod rmul",
        ["list"] = "add class_getitem contains delitem getitem iadd imul iter len mul reversed rmul setitem",
        ["tuple"] = "add class_getitem contains getitem getnewargs iter len mul rmul",
        ["dict"] = "class_getitem contains delitem getitem ior iter len or reversed ror setitem",
        ["range"] = "bool contains getitem iter len reversed",
        ["dict_keys"] = Sets,
        ["dict_items"] = Sets,
        ["dict_values"] = "iter len reversed",
        ["generator"] = "del iter name next qualname",
        ["function"] = Function,
        ["type"] = Function,
        ["method"] = "call func self",
        ["builtin_function_or_method"] = "call module name qualname self text_signature",
        ["Macro"] = "call dict module weakref",
        ["LoopContext"] = "annotations call dict iter len module next weakref",
        ["Cycler"] = "dict module next weakref",
        ["Joiner"] = "call dict module weakref",
        ["TemplateReference"] = "dict getitem module weakref",
        ["BlockReference"] = "call dict module weakref",
    }.ToFrozenDictionary(type => type.Key, type => SetOf($"{Every} {type.Value}"));

    private static readonly FrozenSet<string> Common = SetOf(Every);

    /// <summary>Whether values of a type have the attribute.</summary>
    public static bool Has(string type, string name) =>
        ByType.GetValueOrDefault(type, Common).Contains(name)
        || name is "_TemplateReference__context" or "_context" or "_stack" or "_depth" or "_invoke" or "_iterator";

    private static FrozenSet<string> SetOf(string names) =>
        names.Split(' ').Select(name => $"__{name}__").ToFrozenSet(StringComparer.Ordinal);
}

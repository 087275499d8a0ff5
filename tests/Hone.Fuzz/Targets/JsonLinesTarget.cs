namespace Hone.Fuzz.Targets;

internal sealed class JsonLinesTarget : ITarget
{
    public string Name => "jsonl";

    public string FileName => "rows.jsonl";

    public IEnumerable<byte[]> Seeds(string tests) =>
    [
        """{"text":"a \u00e9 😀"}"""u8.ToArray(),
        """
        {"prompt":"1 + 1 =","completion":" 2","n":[1,-2.5e3,null,true]}
        {"prompt":"","completion":"x","n":{"a":{"b":[[]]}}}

        {"prompt":"c","completion":"\\ \" \/ \b\f\n\r\t","n":0}
        """u8.ToArray(),
        """{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}"""u8.ToArray(),
    ];

    public long Read(string path) => RowsTarget.Read(path);
}

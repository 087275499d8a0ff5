namespace Hone.Fuzz.Targets;

internal sealed class CsvTarget : ITarget
{
    public string Name => "csv";

    public string FileName => "rows.csv";

    public IEnumerable<byte[]> Seeds(string tests) =>
    [
        "prompt,completion\n\"a, b\",\"two\nlines\"\nc,\"say \"\"hi\"\"\"\n"u8.ToArray(),
        "text\r\none\r\ntwo"u8.ToArray(),
    ];

    public long Read(string path) => RowsTarget.Read(path);
}

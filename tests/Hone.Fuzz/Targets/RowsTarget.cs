using Hone.Data;

namespace Hone.Fuzz.Targets;

/// <summary>Reading files of rows, whatever their format.</summary>
internal static class RowsTarget
{
    public static long Read(string path)
    {
        var produced = 0L;
        foreach (var record in DataSource.Open(new DataSourceOptions { Path = path }).ReadRecords())
        {
            produced += record.Fields.GetRawText().Length;
        }

        return produced;
    }
}

namespace Hone.Data;

/// <summary>Reads the rows of one file in one format, a row at a time.</summary>
internal interface IRecordReader
{
    /// <summary>Reads a file from its head. The rows come as the enumeration asks for them.</summary>
    /// <param name="file">The file; opened here and closed at the end of the enumeration.</param>
    /// <exception cref="DataException">The file is not what it should be.</exception>
    public IEnumerable<DataRecord> Read(DataFile file);
}

namespace Hone.Data;

/// <summary>Makes columns of messages, and keeps what later ones refer to: the schema and the dictionaries.</summary>
/// <param name="name">What errors call the file.</param>
internal sealed class ArrowDecoder(string name)
{
    private readonly Dictionary<long, List<ArrowArray>> _dictionaries = [];
    private IReadOnlyList<ArrowField>? _schema;

    /// <summary>Whether the schema has come.</summary>
    public bool HasSchema => _schema is not null;

    /// <summary>Takes a message in.</summary>
    /// <returns>The columns of a batch of rows; nothing for other messages.</returns>
    /// <exception cref="InvalidDataException">It is malformed, or does not fit what came before.</exception>
    /// <exception cref="DataException">A buffer is damaged.</exception>
    public IReadOnlyList<ArrowArray> Take(ArrowMessage message)
    {
        if (_schema is null)
        {
            _schema = message.Kind == ArrowMessage.Schema
                ? ArrowSchemaReader.Read(message.Header)
                : throw new InvalidDataException("Arrow data must begin with a schema");
            return [];
        }

        switch (message.Kind)
        {
            case ArrowMessage.Batch:
                return new ArrowBatchReader(_dictionaries, name).Read(_schema, message.Header, message.Body);
            case ArrowMessage.Dictionary:
                TakeDictionary(message, _schema);
                return [];
            default:
                throw new InvalidDataException($"a message of kind {message.Kind} is not supported");
        }
    }

    /// <summary>A dictionary replaces the one before, or adds to it.</summary>
    private void TakeDictionary(ArrowMessage message, IReadOnlyList<ArrowField> schema)
    {
        var id = message.Header.Int64(0);
        var field = schema.SelectMany(column => column.All()).FirstOrDefault(column => column.Dictionary == id)
            ?? throw new InvalidDataException($"the dictionary {id} belongs to no column");
        var reader = new ArrowBatchReader(_dictionaries, name);
        var part = reader.Read(
            [field with { Dictionary = null, Indices = null }], message.Header.Table(1), message.Body)[0];
        var adds = message.Header.UInt8(2) != 0;
        _dictionaries[id] = adds && _dictionaries.TryGetValue(id, out var parts) ? [.. parts, part] : [part];
    }
}

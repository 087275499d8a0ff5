using System.Text.Json;

namespace Hone.Data;

/// <summary>One row as its file has it, before anything is known of its meaning.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Fields">A JSON object, whatever the file's format: the values by column name.</param>
public sealed record DataRecord(SourceLine At, JsonElement Fields);

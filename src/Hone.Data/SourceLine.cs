namespace Hone.Data;

/// <summary>Where a row stands.</summary>
/// <param name="File">The file's name, as the user wrote it.</param>
/// <param name="Line">The line the row begins on, from 1; 0 stands for the file as a whole. In files without lines, the
/// number of the row.</param>
public readonly record struct SourceLine(string File, long Line = 0)
{
    /// <summary><c>train.jsonl:17</c>, or <c>train.jsonl</c> for a whole file.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}

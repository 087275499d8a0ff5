namespace Hone.Text.SentencePiece;

/// <summary>What a piece of a SentencePiece model is for, by the numbers of its file.</summary>
internal enum PieceKind
{
    /// <summary>Learnt from text.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece covers.</summary>
    Unknown = 2,

    /// <summary>Never found in text, and decoded to nothing.</summary>
    Control = 3,

    /// <summary>Found in text before all others.</summary>
    UserDefined = 4,

    /// <summary>Kept for its id alone.</summary>
    Unused = 5,

    /// <summary>Stands for one byte.</summary>
    Byte = 6,
}

/// <summary>How a SentencePiece model cuts text, by the numbers of its file.</summary>
internal enum PieceModel
{
    /// <summary>By the best sum of scores.</summary>
    Unigram = 1,

    /// <summary>By merging.</summary>
    Bpe = 2,

    /// <summary>At blanks.</summary>
    Word = 3,

    /// <summary>At each character.</summary>
    Char = 4,
}

/// <summary>A piece.</summary>
internal readonly record struct ScoredPiece(string Text, float Score, PieceKind Kind);

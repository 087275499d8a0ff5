using Hone.Text.Normalizers;

namespace Hone.Text.SentencePiece;

/// <summary>What a <c>tokenizer.model</c> holds, as far as encoding and decoding need it.</summary>
internal sealed record PieceFile
{
    /// <summary>The pieces by id.</summary>
    public List<ScoredPiece> Pieces { get; } = [];

    /// <summary>How text is cut.</summary>
    public PieceModel Model { get; private set; } = PieceModel.Unigram;

    /// <summary>Whether unknown characters become byte pieces.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>Whether blanks belong to the word before them.</summary>
    public bool BlankIsSuffix { get; private set; }

    /// <summary>What an unknown piece decodes to.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    /// <summary>The spelling of the pieces that begin, end and fill a text.</summary>
    public (string Bos, string Eos, string Pad) Named { get; private set; } = ("<s>", "</s>", "<pad>");

    /// <summary>The table of replacements; null where there is none.</summary>
    public CharacterMap? Map { get; private set; }

    /// <summary>Whether a blank is put before the text (after it, where <see cref="BlankIsSuffix"/>).</summary>
    public bool AddsBlank { get; private set; } = true;

    /// <summary>Whether blanks at the ends go away and runs of them become one.</summary>
    public bool RemovesExtraBlanks { get; private set; } = true;

    /// <summary>Whether blanks are written as ▁.</summary>
    public bool EscapesBlanks { get; private set; } = true;

    /// <summary>Reads the bytes of the file.</summary>
    /// <exception cref="FormatException">They are no such file, or hold what is not supported; the message says
    /// why.</exception>
    public static PieceFile Read(ReadOnlySpan<byte> bytes)
    {
        var file = new PieceFile();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    file.Pieces.Add(ReadPiece(reader.Bytes));
                    break;
                case 2:
                    file.ReadTrainer(reader.Bytes);
                    break;
                case 3:
                    file.ReadNormalizer(reader.Bytes);
                    break;
                default:
                    break;
            }
        }

        return file.Pieces.Count > 0 ? file : throw new FormatException("has no pieces");
    }

    /// <summary>A BPE model of <paramref name="pieces"/> that leaves the blanks of a text as they are.</summary>
    public static PieceFile OfMerges(IEnumerable<ScoredPiece> pieces, bool addsBlank)
    {
        var file = new PieceFile { Model = PieceModel.Bpe, AddsBlank = addsBlank, RemovesExtraBlanks = false };
        file.Pieces.AddRange(pieces);
        file.ByteFallback = file.Pieces.Exists(piece => piece.Kind == PieceKind.Byte);
        return file;
    }

    private static ScoredPiece ReadPiece(ReadOnlySpan<byte> message)
    {
        var piece = new ScoredPiece("", 0, PieceKind.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            piece = reader.Field switch
            {
                1 => piece with { Text = reader.Text },
                2 => piece with { Score = reader.Float },
                3 => piece with { Kind = (PieceKind)reader.Int },
                _ => piece,
            };
        }

        return piece.Kind switch
        {
            PieceKind.Unused =>
                throw new FormatException($"has the piece \"{piece.Text}\" of the kind UNUSED, which is not supported"),
            _ when !Enum.IsDefined(piece.Kind) => throw new FormatException(
                $"has the piece \"{piece.Text}\" of the kind {(int)piece.Kind}, which is not known"),
            _ when piece.Text.Length == 0 || float.IsNaN(piece.Score) =>
                throw new FormatException("has a piece without text or score"),
            _ => piece,
        };
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    Model = Enum.IsDefined((PieceModel)reader.Int)
                        ? (PieceModel)reader.Int
                        : throw new FormatException($"has the model type {reader.Int}, which is not known");
                    break;
                case 24:
                    BlankIsSuffix = reader.Bool;
                    break;
                case 35:
                    ByteFallback = reader.Bool;
                    break;
                case 44:
                    UnknownSurface = reader.Text;
                    break;
                case 46:
                    Named = Named with { Bos = reader.Text };
                    break;
                case 47:
                    Named = Named with { Eos = reader.Text };
                    break;
                case 48:
                    Named = Named with { Pad = reader.Text };
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2 when reader.Bytes.Length > 0:
                    Map = new CharacterMap(reader.Bytes);
                    break;
                case 3:
                    AddsBlank = reader.Bool;
                    break;
                case 4:
                    RemovesExtraBlanks = reader.Bool;
                    break;
                case 5:
                    EscapesBlanks = reader.Bool;
                    break;
                default:
                    break;
            }
        }
    }
}

namespace Hone.Data;

/// <summary>How a file writes its rows.</summary>
public enum DataFormat
{
    /// <summary>Told from the file's suffix; a last <c>.gz</c> or <c>.zst</c> does not count.</summary>
    Auto,

    /// <summary>One JSON object a line (<c>.jsonl</c>, <c>.ndjson</c>).</summary>
    JsonLines,

    /// <summary>A JSON array of objects, an object that holds one, or a single object (<c>.json</c>).</summary>
    Json,

    /// <summary>RFC 4180 with a header line (<c>.csv</c>).</summary>
    Csv,

    /// <summary>The same, with tabs for commas (<c>.tsv</c>).</summary>
    Tsv,

    /// <summary>Plain text: each row has one column, <c>text</c> (<c>.txt</c>).</summary>
    Text,

    /// <summary>Parquet (<c>.parquet</c>).</summary>
    Parquet,

    /// <summary>Arrow IPC, as a file or a stream (<c>.arrow</c>, <c>.arrows</c>).</summary>
    Arrow,

    /// <summary>A tar archive as WebDataset has it: neighbours whose names agree up to the first dot make a row
    /// (<c>.tar</c>).</summary>
    Tar,
}

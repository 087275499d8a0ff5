using System.Text.Json;

namespace Hone.Data;

/// <summary>Puts rows together again from their columns.</summary>
/// <remarks> "Dremel: Interactive Analysis of Web-Scale Datasets" (VLDB 2010), section 4.2, by descent through the
/// schema instead of an automaton: whenever a field is written, every column below it stands at that field's first
/// entry.
/// </remarks>
/// <param name="columns">A row group's columns, in the order of the schema's leaves.</param>
/// <param name="writer">Where rows go.</param>
internal sealed class ParquetAssembler(IReadOnlyList<ParquetColumn> columns, Utf8JsonWriter writer)
{
    /// <summary>Writes the fields of the next row.</summary>
    /// <exception cref="InvalidDataException">The columns do not fit together, or one is malformed.</exception>
    public void WriteRow(ParquetNode root)
    {
        foreach (var column in columns)
        {
            if (column.Repetition != 0)
            {
                throw new InvalidDataException("the columns do not agree on where rows begin");
            }
        }

        WriteFields(root);
    }

    private void WriteFields(ParquetNode group)
    {
        foreach (var child in group.Children)
        {
            writer.WritePropertyName(child.Element.Name);
            Write(child);
        }
    }

    private void Write(ParquetNode node)
    {
        JsonScalars.CheckSize(writer);
        if (node.Element.Repetition == Repetition.Repeated)
        {
            WriteRepeated(node, () => WriteContent(node));
        }
        else if (node.Element.Repetition == Repetition.Optional
            && columns[node.FirstLeaf].Definition < node.MaxDefinition)
        {
            Skip(node);
            writer.WriteNullValue();
        }
        else
        {
            WriteContent(node);
        }
    }

    private void WriteContent(ParquetNode node)
    {
        switch (node.Element.Logical.Meaning, node.Children)
        {
            case (_, []):
                columns[node.FirstLeaf].Write(writer);
                break;
            case (Meaning.List, [{ Element.Repetition: Repetition.Repeated } items]):
                WriteRepeated(items, () => WriteElement(node, items));
                break;
            case (Meaning.Map, [{ Element.Repetition: Repetition.Repeated, Children: [_, ..] } entries]):
                WriteRepeated(entries, () => WriteEntry(entries));
                break;
            default:
                writer.WriteStartObject();
                WriteFields(node);
                writer.WriteEndObject();
                break;
        }
    }

    private void WriteRepeated(ParquetNode node, Action writeElement)
    {
        writer.WriteStartArray();
        var first = columns[node.FirstLeaf];
        if (first.Definition < node.MaxDefinition)
        {
            Skip(node);
        }
        else
        {
            do
            {
                writeElement();
            }
            while (first.Repetition == node.MaxRepetition);
        }

        writer.WriteEndArray();
    }

    /// <summary>Most lists have a group around each element; old ones have not (the format's rules for backward
    /// compatibility).</summary>
    private void WriteElement(ParquetNode list, ParquetNode items)
    {
        if (items.Children is [var element] && items.Element.Name != "array"
            && items.Element.Name != $"{list.Element.Name}_tuple")
        {
            Write(element);
        }
        else
        {
            WriteContent(items);
        }
    }

    private void WriteEntry(ParquetNode entries)
    {
        writer.WriteStartArray();
        foreach (var part in entries.Children)
        {
            Write(part);
        }

        writer.WriteEndArray();
    }

    private void Skip(ParquetNode node)
    {
        for (var leaf = node.FirstLeaf; leaf < node.FirstLeaf + node.Leaves; leaf++)
        {
            columns[leaf].Take();
        }
    }
}

using System.Text.Json;

namespace Hone.Data;

/// <summary>One column of a row group, entry by entry.</summary>
/// <param name="leaf">The column's place in the schema.</param>
/// <param name="pages">Its pages.</param>
internal sealed class ParquetColumn(ParquetNode leaf, ParquetPages pages)
{
    private ParquetPage? _page;
    private int _left;
    private bool _isLoaded;
    private int _repetition;
    private int _definition;

    /// <summary>The next entry's repetition level; 0 at the end.</summary>
    public int Repetition => Load() ? _repetition : 0;

    /// <summary>The next entry's definition level.</summary>
    /// <exception cref="InvalidDataException">There is no more entry.</exception>
    public int Definition => Load() ? _definition : throw Fail("its pages end before its rows");

    /// <summary>Whether the next entry is a value.</summary>
    public bool HasValue => Definition == leaf.MaxDefinition;

    /// <summary>Takes the next entry and writes its value, or null.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public void Write(Utf8JsonWriter writer)
    {
        if (Take() is not { } value)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            ParquetScalars.Write(writer, leaf.Element, value);
        }
        catch (InvalidDataException problem)
        {
            throw Fail(problem.Message);
        }
    }

    /// <summary>Takes the next entry.</summary>
    /// <returns>Its value; null if it has none.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public ParquetValue? Take()
    {
        var hasValue = HasValue;
        (_isLoaded, _left) = (false, _left - 1);
        try
        {
            return hasValue ? _page!.Values.Next() : null;
        }
        catch (InvalidDataException problem)
        {
            throw Fail(problem.Message);
        }
    }

    private InvalidDataException Fail(string message) => new($"column \"{leaf.Path}\": {message}");

    private bool Load()
    {
        if (_isLoaded)
        {
            return true;
        }

        try
        {
            while (_left == 0)
            {
                _page = pages.Next();
                if (_page is null)
                {
                    return false;
                }

                _left = _page.Entries;
            }

            _repetition = _page!.Repetitions?.Next() ?? 0;
            _definition = _page.Definitions?.Next() ?? 0;
        }
        catch (InvalidDataException problem)
        {
            throw Fail(problem.Message);
        }

        _isLoaded = _repetition <= leaf.MaxRepetition && _definition <= leaf.MaxDefinition;
        return _isLoaded ? true : throw Fail("a level is too large");
    }
}

using Hone.Models.Adapters;
using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

public sealed class PrefixIndexTests
{
    private const int PageSize = 2;

    private readonly PagePool _pool = new(1000);
    private readonly PrefixIndex _index;

    // The texts whose pages are remembered, each with the page that its end is in, and when that was used last.
    private readonly Dictionary<string, (int Page, int Used)> _known = [];
    private int _time;

    public PrefixIndexTests() => _index = new PrefixIndex(_pool, PageSize);

    [Fact]
    public void The_longest_unused_goes_first_and_ends_before_beginnings()
    {
        var (a, b) = (Remember("abc"), Remember("def"));

        Assert.Equal(a, Find("abc"));

        Assert.Equal([b[2], b[1], b[0], a[2], a[1], a[0]], EvictAll());
    }

    [Fact]
    public void A_use_of_a_beginning_counts_for_its_pages_alone()
    {
        var (a, b) = (Remember("abc"), Remember("def"));

        Assert.Equal(a[..2], Find("abx"));

        Assert.Equal([a[2], b[2], b[1], b[0], a[1], a[0]], EvictAll());
    }

    [Fact]
    public void Pages_that_somebody_holds_stay()
    {
        var (a, b) = (Remember("ab"), Remember("cd"));
        Array.ForEach(a, _pool.Share);

        Assert.Equal([b[1], b[0]], EvictAll());
        Array.ForEach(a, _pool.Release);
        Assert.Equal([a[1], a[0]], EvictAll());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_goes_is_always_the_end_that_was_used_the_longest_ago(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, chance.Next(1, 5)).Select(_ => "abc"[chance.Next(3)]));
            switch (chance.Next(5))
            {
                case 0 or 1:
                    Remember(text);
                    break;
                case 2:
                    int[] expected = [.. Beginnings(text).Where(_known.ContainsKey).Select(one => _known[one].Page)];
                    Assert.Equal(expected, Find(text));
                    break;
                default:
                    var ends = _known.Where(one => !_known.Keys.Any(
                        other => other.Length > one.Key.Length && other.StartsWith(one.Key, StringComparison.Ordinal)));
                    Assert.Equal(_known.Count == 0 ? null : ends.MinBy(end => end.Value.Used).Value.Page, Evict());
                    break;
            }
        }
    }

    private int[] Remember(string text)
    {
        int[] pages =
            [.. Beginnings(text).Select(one => _known.TryGetValue(one, out var old) ? old.Page : _pool.Take())];
        _index.Add(AdapterCombination.None, Tokens(text), pages, withLast: false, step: 1);
        foreach (var (beginning, page) in Beginnings(text).Zip(pages))
        {
            if (!_known.ContainsKey(beginning))
            {
                _pool.Release(page); // the index holds it alone
            }

            _known[beginning] = (page, _time);
        }

        _time++;
        return pages;
    }

    private List<int> Find(string text)
    {
        foreach (var beginning in Beginnings(text).Where(_known.ContainsKey))
        {
            _known[beginning] = (_known[beginning].Page, _time);
        }

        _time++;
        return _index.Find(AdapterCombination.None, Tokens(text), step: 2).Pages;
    }

    private int? Evict()
    {
        if (!_index.Evict())
        {
            return null;
        }

        // The pool gives the page again that was freed last.
        var page = _pool.Take();
        _pool.Release(page);
        _known.Remove(_known.Single(one => one.Value.Page == page).Key);
        return page;
    }

    private List<int> EvictAll()
    {
        var pages = new List<int>();
        while (Evict() is { } page)
        {
            pages.Add(page);
        }

        return pages;
    }

    // A page of tokens for each letter.
    private static int[] Tokens(string text) =>
        [.. text.SelectMany(letter => Enumerable.Repeat((int)letter, PageSize))];

    private static IEnumerable<string> Beginnings(string text) =>
        Enumerable.Range(1, text.Length).Select(length => text[..length]);
}

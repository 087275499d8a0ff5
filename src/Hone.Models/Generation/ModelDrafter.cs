using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Lets a smaller model go on, token by token, with the draws that the model itself will use.</summary>
/// <param name="model">The smaller model, of the same vocabulary.</param>
/// <param name="draftTokens">Tokens of a draft.</param>
/// <param name="options">Sizes of its cache and of its passes.</param>
/// <param name="prefixes">Keeps what was computed for later runs; the caller owns it. Null: nothing is kept.</param>
internal sealed class ModelDrafter(Decoder model, int draftTokens, EngineOptions options, PrefixCache? prefixes)
    : IDrafter
{
    private readonly PrefixCache _pages = Entered(prefixes ?? new PrefixCache(model, options));
    private readonly Dictionary<RunningCompletion, CacheRow> _rows = [];
    private readonly StepBatch _batch = new();
    private readonly TokenChoices _choices = new();
    private readonly List<RunningCompletion> _asked = [];
    private readonly ITokenStep _step = GenerationPath.Of(model, options).IsFused
        ? new FusedStep(model, options.Weights)
        : new ComposedStep(model);

    private bool _isBroken;

    public long ComputedTokens { get; private set; }

    public void Draft(IReadOnlyList<RunningCompletion> completions)
    {
        _pages.Prepare(expected: completions.Count);
        Forget(completions);
        IReadOnlyList<RunningCompletion> open = completions;
        for (var ahead = 0; ahead < draftTokens && open.Count > 0; ahead++)
        {
            Ask(open, ahead);
            open = Choose();
        }
    }

    public void Dispose()
    {
        if (_isBroken)
        {
            _pages.Clear(); // pages of a pass that broke off hold nothing
        }

        LetGo(_rows);
        _step.Dispose();
        _pages.Leave();
        if (prefixes is null)
        {
            _pages.Dispose();
        }
    }

    private static PrefixCache Entered(PrefixCache pages)
    {
        pages.Enter();
        return pages;
    }

    // Pages of completions that have ended or wait, and of drafts that were wrong.
    private void Forget(IReadOnlyList<RunningCompletion> completions)
    {
        LetGo([.. _rows.Where(one => !completions.Contains(one.Key))]);
        foreach (var completion in completions)
        {
            completion.Propose([]);
            if (_rows.TryGetValue(completion, out var row))
            {
                row.Truncate(Math.Min(row.Length, completion.Tokens.Length - 1));
            }
        }
    }

    // Rows that are not asked for any more; what they hold of texts, not of drafts, is remembered where it is kept.
    private void LetGo(IReadOnlyCollection<KeyValuePair<RunningCompletion, CacheRow>> rows)
    {
        var step = _pages.NextStep();
        foreach (var (completion, row) in rows)
        {
            if (prefixes is not null && !_isBroken)
            {
                row.Truncate(Math.Min(row.Length, completion.Tokens.Length - 1));
                _pages.Index.Add(
                    AdapterCombination.None, completion.Tokens[..row.Length], row.Pages, withLast: true, step);
            }

            row.Clear();
        }

        foreach (var (completion, _) in rows.ToArray())
        {
            _rows.Remove(completion);
        }

        _pages.Trim();
    }

    // What the model has not seen of each text goes into one pass; a long text that is new to it takes several, and has
    // no draft until then.
    private void Ask(IReadOnlyList<RunningCompletion> completions, int ahead)
    {
        var (step, budget) = (_pages.NextStep(), options.PrefillTokens);
        foreach (var completion in completions)
        {
            if (completion.DraftLimit(draftTokens) <= ahead
                || completion.Tokens.Length + ahead >= model.Config.ContextLength)
            {
                continue;
            }

            var (row, text) = (RowOf(completion, step), completion.TextWithDraft());
            var uncached = text.AsSpan(row.Length);
            var count = uncached.Length == 1 ? 1 : Math.Min(uncached.Length, budget);
            if (count == 0 || !_pages.HasRoom(row.PagesFor(count)))
            {
                continue;
            }

            budget -= uncached.Length == 1 ? 0 : count;
            var last = count == uncached.Length;
            if (last)
            {
                completion.AddTo(_choices, _batch.Wanted, ahead);
                _asked.Add(completion);
            }

            _batch.Add(row, uncached[..count], text.Length, wanted: last ? 1 : 0, AdapterCombination.None);
            if (count > draftTokens + 1) // a prompt, or a piece of one, that other completions may have too
            {
                var known = completion.Tokens[..Math.Min(row.Length, completion.Tokens.Length)];
                _pages.Index.Add(AdapterCombination.None, known, row.Pages, withLast: false, step);
            }
        }
    }

    private CacheRow RowOf(RunningCompletion completion, long step)
    {
        if (!_rows.TryGetValue(completion, out var row))
        {
            _rows.Add(completion, row = new CacheRow(_pages.Pool, options.PageSize));
            _pages.Begin(row, AdapterCombination.None, completion.Tokens[..^1], step);
        }

        return row;
    }

    // Those whose draft has grown.
    private List<RunningCompletion> Choose()
    {
        var grown = new List<RunningCompletion>();
        if (_batch.Tokens > 0)
        {
            using var scope = TensorScope.Open();
            (ComputedTokens, _isBroken) = (ComputedTokens + _batch.Tokens, true);
            var ids = _step.Run(_batch.Take(_pages.Memory), _pages.Memory, _choices).Chosen.Ids.AsSpan<long>();
            for (var i = 0; i < _asked.Count; i++)
            {
                if (ids[i] >= 0)
                {
                    _asked[i].Propose([.. _asked[i].Draft, (int)ids[i]]);
                    grown.Add(_asked[i]);
                }
            }

            _isBroken = false;
        }

        _asked.Clear();
        _choices.Clear();
        return grown;
    }
}

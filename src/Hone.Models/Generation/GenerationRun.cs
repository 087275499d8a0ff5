using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>One run of the engine: who waits, who grows, who is done.</summary>
internal sealed class GenerationRun : IDisposable
{
    private readonly Decoder _decoder;
    private readonly EngineOptions _options;
    private readonly Func<Func<int, string>>? _openText;
    private readonly IReadOnlyList<GenerationRequest> _requests;
    private readonly AdapterCombination[] _adapters;
    private readonly GenerationEvents _events;
    private readonly Completion?[] _results;
    private readonly PagePool _pool = new();
    private readonly KeyValueCache _cache;
    private readonly TokenChooser _chooser;
    private readonly StepLane? _fused;
    private readonly StepLane _composed;
    private readonly Queue<PromptGroup> _waiting;
    private readonly List<PromptGroup> _started = [];
    private readonly List<RunningCompletion> _running = [];
    private readonly long _pageLimit;
    private readonly long _weightVersion;
    private long _reserved;
    private GenerationUsage _usage;

    public GenerationRun(
        Decoder decoder, EngineOptions options, Func<Func<int, string>>? openText, IReadOnlyList<GenerationRequest> requests, GenerationEvents events)
    {
        (_decoder, _options, _openText, _requests, _events) = (decoder, options, openText, requests, events);
        _results = new Completion?[requests.Count];
        _adapters = [.. requests.Select(request => decoder.Adapters.Find(request.Adapter))];
        var vocabulary = decoder.Config.VocabularySize;
        _chooser = new TokenChooser(vocabulary);
        _composed = new StepLane(new ComposedStep(decoder), vocabulary);
        _fused = GenerationPath.Of(decoder, options.Path).IsFused ? new StepLane(new FusedStep(decoder), vocabulary) : null;
        _pageLimit = options.CacheBytes / KeyValueCache.PageBytes(decoder.Config, decoder.ComputeType, options.PageSize);
        _weightVersion = decoder.WeightVersion;
        _waiting = Group(requests);
        var expected = Enumerable.Range(0, Math.Min(requests.Count, options.MaxBatch)).Sum(i => (long)Pages(Longest(i)));
        _cache = new KeyValueCache(decoder.Config, decoder.ComputeType, options.PageSize, (int)Math.Min(_pageLimit, int.MaxValue), expected);
    }

    /// <summary>Whether every request has its completion.</summary>
    public bool IsDone => _waiting.Count == 0 && _started.Count == 0 && _running.Count == 0;

    /// <summary>What has been computed.</summary>
    public GenerationUsage Usage() => _usage with { LeakedPages = _pool.Live };

    /// <summary>Starts what there is room for, computes one pass and chooses the next token of each completion.</summary>
    public void Step()
    {
        StartCompletions();
        _running.ForEach(AddToBatch);
        AddPrompts();
        if (Tokens == 0)
        {
            return;
        }

        _usage = _usage with { Passes = _usage.Passes + 1, PeakPages = Math.Max(_usage.PeakPages, _pool.Live) };
        _fused?.Run(_cache, Accept);
        _composed.Run(_cache, Accept);
        _running.RemoveAll(completion => completion.Reason is not null);
    }

    /// <summary>The completions in the order of the requests; those that have not ended are aborted.</summary>
    public Completion[] Results()
    {
        foreach (var completion in _running)
        {
            End(completion);
        }

        _started.ForEach(group => group.Clear());
        _started.Clear();
        return Array.ConvertAll(_results, result => result ?? new Completion([], [], FinishReason.Abort, _weightVersion));
    }

    public void Dispose()
    {
        _started.ForEach(group => group.Clear());
        _cache.Dispose();
    }

    private int Tokens => (_fused?.Tokens ?? 0) + _composed.Tokens;

    // Adapters are what the fused step does not know.
    private StepLane LaneOf(AdapterCombination adapters) => adapters.IsNone && _fused is not null ? _fused : _composed;

    private Queue<PromptGroup> Group(IReadOnlyList<GenerationRequest> requests)
    {
        var groups = new OrderedDictionary<(ValueList<int> Prompt, AdapterCombination Adapters), PromptGroup>();
        for (var i = 0; i < requests.Count; i++)
        {
            var key = (ValueList.Create<int>(requests[i].Prompt), _adapters[i]);
            if (!groups.TryGetValue(key, out var group))
            {
                group = new PromptGroup(requests[i].Prompt, new CacheRow(_pool, _options.PageSize), _adapters[i]);
                groups.Add(key, group);
            }

            group.Waiting.Enqueue(i);
        }

        return new Queue<PromptGroup>(groups.Values);
    }

    // Completions whose prompt is computed, as far as batch and memory have room.
    private void StartCompletions()
    {
        foreach (var group in _started.Where(group => group.Logits is not null))
        {
            while (group.Waiting.TryPeek(out var index) && _running.Count < _options.MaxBatch && TryReserve(PagesOf(index)))
            {
                group.Waiting.Dequeue();
                Start(group, index);
            }

            using var scope = TensorScope.Open();
            _chooser.HandOut(Fused.Sample(group.Logits!, _chooser.Choices), group.Logits!, Accept);
        }

        _running.RemoveAll(completion => completion.Reason is not null);
        foreach (var group in _started.Where(group => group.Waiting.Count == 0))
        {
            group.Clear();
            _reserved -= PromptPages(group);
        }

        _started.RemoveAll(group => group.Waiting.Count == 0);
    }

    private void Start(PromptGroup group, int index)
    {
        var request = _requests[index];
        var completion = new RunningCompletion(
            index, request, group.Row.Fork(), NewTokenLimit(index), request.Options.StopStrings.Count > 0 ? _openText!() : null)
        {
            ReservedPages = PagesOf(index),
            Adapters = group.Adapters,
        };
        _running.Add(completion);
        _chooser.Add(completion, row: 0);
    }

    private void AddToBatch(RunningCompletion completion)
    {
        // Where angles change with the length of a sequence as a whole, what is stored no longer fits and is computed again.
        if (_decoder.MustRecompute(completion.Length))
        {
            completion.Row.Clear();
        }

        LaneOf(completion.Adapters).Add(completion);
    }

    // Pieces of prompts up to the budget.
    private void AddPrompts()
    {
        var added = new HashSet<PromptGroup>();
        var budget = _options.PrefillTokens;
        while (budget > 0 && (_started.Find(group => group.Logits is null && !added.Contains(group)) ?? StartPrompt()) is { } group)
        {
            var count = Math.Min(budget, group.Prompt.Length - group.Computed);
            LaneOf(group.Adapters).Add(group, count);
            added.Add(group);
            _usage = _usage with { PromptTokens = _usage.PromptTokens + count };
            budget -= count;
        }
    }

    private PromptGroup? StartPrompt()
    {
        if (!_waiting.TryPeek(out var group) || _running.Count + _started.Sum(started => started.Waiting.Count) >= _options.MaxBatch)
        {
            return null;
        }

        // Room for the prompt and for the first of its completions, so that it can always go on.
        var first = PagesOf(group.Waiting.Peek());
        var prompt = PromptPages(group);
        if (_reserved + prompt + first > _pageLimit)
        {
            return _reserved > 0 || _running.Count > 0
                ? null
                : throw new CheckpointException(
                    $"generation engine: the cache must hold a prompt of {group.Prompt.Length} tokens and its completion, {prompt + first} pages; "
                    + $"cache_bytes {_options.CacheBytes} are {_pageLimit} pages; raise cache_bytes or lower max_new_tokens");
        }

        _reserved += prompt;
        _started.Add(_waiting.Dequeue());
        return group;
    }

    private void Accept(RunningCompletion completion, SampledToken chosen)
    {
        completion.Accept(chosen);
        _usage = _usage with { NewTokens = _usage.NewTokens + 1 };
        _events.Chosen?.Invoke(completion.Index, chosen);
        if (completion.Reason is not null)
        {
            End(completion);
        }
    }

    private void End(RunningCompletion completion)
    {
        completion.Row.Clear();
        _reserved -= completion.ReservedPages;
        var result = completion.Result(_weightVersion);
        _results[completion.Index] = result;
        _events.Ended?.Invoke(completion.Index, result);
    }

    private bool TryReserve(int pages)
    {
        var fits = _reserved + pages <= _pageLimit;
        _reserved += fits ? pages : 0;
        return fits;
    }

    private int NewTokenLimit(int index) =>
        Math.Min(_requests[index].Options.MaxNewTokens, _decoder.Config.ContextLength - PromptLength(index));

    // Pages that a completion may take beyond those that it shares with its prompt; all of them where it may be computed again.
    private int PagesOf(int index)
    {
        var all = Pages(Longest(index));
        return _decoder.MayRecompute ? all : all - (PromptLength(index) / _options.PageSize);
    }

    private int PromptPages(PromptGroup group) => Pages(group.Adapters.VirtualTokens + group.Prompt.Length);

    private int PromptLength(int index) => _adapters[index].VirtualTokens + _requests[index].Prompt.Length;

    private int Longest(int index) => PromptLength(index) + NewTokenLimit(index);

    private int Pages(int tokens) => (tokens + _options.PageSize - 1) / _options.PageSize;
}

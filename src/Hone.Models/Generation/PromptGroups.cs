using System.Collections;
using Hone.Models.Adapters;
using Hone.Models.Configuration;

namespace Hone.Models.Generation;

/// <summary>Requests that have not started, those with equal prompts and adapters together; groups in the order in
/// which they came.</summary>
/// <param name="pages">Where pages come from.</param>
/// <param name="pageSize">Tokens in a page.</param>
internal sealed class PromptGroups(PrefixCache pages, int pageSize) : IEnumerable<PromptGroup>
{
    private readonly OrderedDictionary<(ValueList<int> Prompt, AdapterCombination Adapters), PromptGroup> _groups = [];

    /// <summary>Completions whose prompt has begun to be computed and that will want a place in the batch.</summary>
    public int Promised => _groups.Values.Where(group => group.Row.Length > 0).Sum(group => group.Waiting.Count);

    /// <summary>Lets a request wait.</summary>
    /// <param name="index">Its place in the list.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="adapters">The adapters that it is generated with.</param>
    public void Add(int index, GenerationRequest request, AdapterCombination adapters)
    {
        var key = (ValueList.Create<int>(request.Prompt), adapters);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new PromptGroup(request.Prompt, new CacheRow(pages.Pool, pageSize), adapters));
        }

        group.Waiting.Add((index, request));
    }

    /// <summary>Takes out a request; false where it does not wait.</summary>
    public bool Remove(int index)
    {
        var found = _groups.Values.Any(group => group.Waiting.RemoveAll(waiting => waiting.Index == index) > 0);
        RemoveEmpty();
        return found;
    }

    /// <summary>Forgets the prompts whose requests have all started.</summary>
    public void RemoveEmpty()
    {
        foreach (var (key, group) in _groups.Where(group => group.Value.Waiting.Count == 0).ToArray())
        {
            group.Forget();
            _groups.Remove(key);
        }
    }

    /// <summary>Takes the pages of a prompt whose completions wait; it is computed again later. False where there is
    /// none.</summary>
    /// <param name="kept">A group that keeps its pages, or null.</param>
    public bool ForgetOne(PromptGroup? kept)
    {
        var idle = _groups.Values.FirstOrDefault(group => group != kept && group.Row.Length > 0);
        idle?.Forget();
        return idle is not null;
    }

    /// <summary>Lets go of the pages of all.</summary>
    public void Forget()
    {
        foreach (var group in _groups.Values)
        {
            group.Forget();
        }
    }

    /// <inheritdoc/>
    public IEnumerator<PromptGroup> GetEnumerator() => _groups.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

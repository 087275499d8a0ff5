using System.Collections;

namespace Hone.Models.Generation;

/// <summary>Completions that grow, and those that gave their pages to older ones and wait to go on; both in the order
/// in which they started.</summary>
/// <param name="pages">Where the pages are.</param>
internal sealed class RunningCompletions(PrefixCache pages) : IEnumerable<RunningCompletion>
{
    private readonly List<RunningCompletion> _growing = [];
    private readonly List<RunningCompletion> _paused = [];
    private int _started;

    /// <summary>Completions that grow.</summary>
    public int Count => _growing.Count;

    /// <summary>Whether some wait to go on.</summary>
    public bool HasPaused => _paused.Count > 0;

    /// <summary>Times that one gave way.</summary>
    public int Preemptions { get; private set; }

    /// <summary>Begins with one.</summary>
    public void Start(RunningCompletion completion)
    {
        completion.Order = _started++;
        _growing.Add(completion);
    }

    /// <summary>Leaves out those that have ended.</summary>
    public void RemoveEnded() => _growing.RemoveAll(completion => completion.Reason is not null);

    /// <summary>Takes out the completion of a request; null where none has started.</summary>
    public RunningCompletion? Remove(int index)
    {
        var found = _growing.Concat(_paused).FirstOrDefault(completion => completion.Index == index);
        if (found is not null && !_growing.Remove(found))
        {
            _paused.Remove(found);
        }

        return found;
    }

    /// <summary>Lets go on who gave way and has room again, the oldest first; from what is remembered of it.</summary>
    /// <param name="step">The step that is being prepared.</param>
    public void Resume(long step)
    {
        while (_paused is [var oldest, ..])
        {
            if (oldest.IsShareable)
            {
                pages.Begin(oldest.Row, oldest.Adapters, oldest.Tokens[..^1], step);
            }

            if (!pages.HasRoom(oldest.PagesFor(oldest.Uncached.Length) + _growing.Count) && _growing.Count > 0)
            {
                oldest.Row.Clear();
                return;
            }

            _paused.RemoveAt(0);
            Insert(_growing, oldest);
        }
    }

    /// <summary>Takes a completion's pages, which stay remembered as long as there is room, until it can go
    /// on.</summary>
    /// <param name="completion">One that grows.</param>
    /// <param name="step">The step that is being prepared.</param>
    public void Pause(RunningCompletion completion, long step)
    {
        if (completion.IsShareable)
        {
            var stored = completion.Tokens[..completion.Row.Length];
            pages.Index.Add(completion.Adapters, stored, completion.Row.Pages, withLast: true, step);
        }

        completion.Row.Clear();
        completion.Propose([]);
        _growing.Remove(completion);
        Insert(_paused, completion);
        Preemptions++;
    }

    /// <summary>Takes the pages of the youngest one that started after another; false where there is none.</summary>
    public bool PauseOneAfter(RunningCompletion completion, long step)
    {
        if (_growing is not [.., var youngest] || youngest.Order <= completion.Order)
        {
            return false;
        }

        Pause(youngest, step);
        return true;
    }

    /// <summary>Lets go of the pages of all; those that wait have none.</summary>
    public void Forget() => _growing.ForEach(completion => completion.Row.Clear());

    /// <summary>Whether one grows, rather than waits.</summary>
    public bool Contains(RunningCompletion completion) => _growing.Contains(completion);

    /// <inheritdoc/>
    public IEnumerator<RunningCompletion> GetEnumerator() => _growing.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Insert(List<RunningCompletion> list, RunningCompletion completion)
    {
        var place = list.FindIndex(other => other.Order > completion.Order);
        list.Insert(place < 0 ? list.Count : place, completion);
    }
}

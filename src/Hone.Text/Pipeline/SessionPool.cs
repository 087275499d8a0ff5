namespace Hone.Text.Pipeline;

/// <summary>Lends out working memory, without locks: what is not in use lies in a few slots.</summary>
internal sealed class SessionPool(TokenPipeline pipeline)
{
    private readonly EncodingSession?[] _idle = new EncodingSession?[Environment.ProcessorCount];

    /// <summary>A session for the caller alone.</summary>
    public EncodingSession Lease()
    {
        for (var slot = 0; slot < _idle.Length; slot++)
        {
            if (Interlocked.Exchange(ref _idle[slot], null) is { } session)
            {
                return session;
            }
        }

        return new EncodingSession(pipeline);
    }

    /// <summary>Takes a session back; where all slots are full it is let go.</summary>
    public void Return(EncodingSession session)
    {
        for (var slot = 0; slot < _idle.Length; slot++)
        {
            if (Interlocked.CompareExchange(ref _idle[slot], session, null) is null)
            {
                return;
            }
        }
    }
}

using System.Runtime.CompilerServices;

namespace Hone.Text.Pipeline;

/// <summary>Lends out working memory, without locks: what is not in use lies in a few slots.</summary>
/// <remarks>The search begins at a slot of the processor's own: what lies there is most likely in its nearer caches,
/// which other processors' working memory is not.</remarks>
internal sealed class SessionPool(TokenPipeline pipeline)
{
    private readonly EncodingSession?[] _idle = new EncodingSession?[Environment.ProcessorCount];

    /// <summary>A session for the caller alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public EncodingSession Lease()
    {
        var own = Own();
        for (var step = 0; step < _idle.Length; step++)
        {
            ref var slot = ref _idle[(own + step) % _idle.Length];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } session)
            {
                return session;
            }
        }

        return new EncodingSession(pipeline);
    }

    /// <summary>Takes a session back; where all slots are full it is let go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Return(EncodingSession session)
    {
        var own = Own();
        for (var step = 0; step < _idle.Length; step++)
        {
            ref var slot = ref _idle[(own + step) % _idle.Length];
            if (slot is null && Interlocked.CompareExchange(ref slot, session, null) is null)
            {
                return;
            }
        }
    }

    private int Own() => (int)((uint)Thread.GetCurrentProcessorId() % (uint)_idle.Length);
}

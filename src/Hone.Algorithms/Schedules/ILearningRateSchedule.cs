namespace Hone.Algorithms.Schedules;

/// <summary>The learning rate of each update.</summary>
/// <remarks>All schedules warm up linearly from 0, so that with a warm-up the first update has rate 0, unless they say
/// otherwise.</remarks>
public interface ILearningRateSchedule
{
    /// <summary>The rate that update <paramref name="update"/>, counted from 0, uses.</summary>
    public double Rate(long update);
}

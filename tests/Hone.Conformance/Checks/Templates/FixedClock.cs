namespace Hone.Conformance.Checks.Templates;

/// <summary>The clock of the recorded renderings: Friday 2024-07-26 12:00.</summary>
internal sealed class FixedClock : TimeProvider
{
    public static FixedClock Recorded { get; } = new();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2024, 7, 26, 12, 0, 0, TimeSpan.Zero);
}

namespace Hone.Text.Tests.Chat.Jinja;

/// <summary>A clock that stands at noon of Friday, 26 July 2024.</summary>
internal sealed class Noon : TimeProvider
{
    public static Noon Clock { get; } = new();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2024, 7, 26, 12, 0, 0, TimeSpan.Zero);
}

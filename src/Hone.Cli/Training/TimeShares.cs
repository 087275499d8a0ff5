using System.Globalization;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>Where the time of a run goes, in words.</summary>
internal static class TimeShares
{
    /// <summary>
    /// The phases that take half a percent or more, the longest first; nothing before the first step.
    /// </summary>
    public static string Line(RunView view) => string.Join(
        "  ", view.Shares.Where(share => share.Share >= 0.005).Select(share => Of(share.Kind, share.Share)));

    /// <summary>One phase with its share.</summary>
    public static string Of(PhaseKind kind, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{PlanText.NameOf(kind)} {share * 100:0} %");
}

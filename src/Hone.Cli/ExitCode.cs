namespace Hone.Cli;

/// <summary>What a command tells the shell.</summary>
internal enum ExitCode
{
    /// <summary>It did what was asked.</summary>
    Done = 0,

    /// <summary>It could not, for a reason that is not in what was asked: a full disk, a missing library, a
    /// bug.</summary>
    Failed = 1,

    /// <summary>It cannot be done as asked: an option, a recipe, a file of data or of a model must change.</summary>
    BadInput = 2,

    /// <summary>It was stopped by Ctrl-C or by a signal; a run in training has written its checkpoint.</summary>
    Interrupted = 130,
}

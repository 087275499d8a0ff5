using Hone.Cli;

using var interruption = new Interruption();
return (int)CommandLine.Run(args, new Session(Terminal.OfThisProcess(), interruption));

using FaceLandmark.CommandLine;
using FaceLandmark.Inference;
using FaceLandmark.Platform;

StandardStreams.Install();
return NativeCalls.End(await EdgeNodeCommand.InvokeAsync(args).ConfigureAwait(false));

/// <summary>Internal like every type here: ASP.NET Core makes it public where it is not declared.</summary>
internal sealed partial class Program;

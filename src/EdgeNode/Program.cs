using FaceLandmark.CommandLine;
using FaceLandmark.Inference;
using FaceLandmark.Platform;

StandardStreams.Install();
return NativeCalls.End(await EdgeNodeCommand.InvokeAsync(args).ConfigureAwait(false));

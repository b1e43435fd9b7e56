using FaceLandmark.CommandLine;
using FaceLandmark.Platform;

StandardStreams.Install();
return await EdgeNodeCommand.InvokeAsync(args).ConfigureAwait(false);

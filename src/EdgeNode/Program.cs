using FaceLandmark.CommandLine;

return await EdgeNodeCommand.InvokeAsync(args).ConfigureAwait(false);

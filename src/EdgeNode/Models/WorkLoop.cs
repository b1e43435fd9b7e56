namespace FaceLandmark.Models;

/// <summary>Does <paramref name="step"/> for 0 to <paramref name="count"/> - 1 and shows people how far it is.</summary>
internal delegate void WorkLoop(string title, int count, Action<int> step);

using Interp.Benchmarks;
using Interp.Engine.Graph;

Network network = Networks.Vgg(16);
TorchLibrary.Load();
Ceilings[] ceilings = [.. Machine.Threads.Select(Ceilings.Measure)];
Ceilings.Print(ceilings);
NetworkTable.Print(network, [Machine.Threads[^1]], [1], _ => 15);
LayerTable.Print(network, Machine.Threads[^1], 15, ceilings[^1]);

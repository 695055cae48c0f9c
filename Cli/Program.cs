System.Console.WriteLine("interp-cli");

using System.Runtime.CompilerServices;

// Every native signature is blittable: what is written is what is passed.
[assembly: DisableRuntimeMarshalling]

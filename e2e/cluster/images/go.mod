// What runs in the test cluster's containers, and the program that makes images of it. The standard library only.
module traversion.dev/images

go 1.26.0

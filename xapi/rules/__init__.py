"""What a statement must be: the typed models of xAPI 1.0.3 and 2.0, and one function per rule.

"Data" and "Communication" are parts two and three of xAPI 1.0.3; "2.0" is IEEE 9274.1.1. The models say which
properties there are and of which type; unknown ones, nulls and wrong types are refused while they are read
(Data 2.2). What types cannot say is in each model's `__post_init__`.
"""
